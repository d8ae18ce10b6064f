#include "agent/app/renewal_terms.h"

#include <algorithm>
#include <string>

#include "platform/base/text.h"

namespace steward::app {

enrol::RenewalFacts renewal_facts(const store::Policies& policies, const enrol::Record& record) {
    auto facts = enrol::facts_for(record);
    const auto set = [&](const char* name) {
        return policies.at(std::string("./Device/Vendor/MSFT/CertificateStore/MY/WSTEP/Renew/") + name,
                           record.provider);
    };
    if (const auto* row = set("RenewPeriod")) {
        facts.terms.period_days = to_integer(row->data).value_or(facts.terms.period_days);
        facts.terms.stated = true;
    }
    if (const auto* row = set("RetryInterval")) {
        facts.terms.retry_days = to_integer(row->data).value_or(facts.terms.retry_days);
    }
    facts.terms.retry_days = std::min(facts.terms.retry_days, facts.terms.period_days);
    if (const auto* row = set("ROBOSupport")) facts.terms.robo = row->data == "true";
    return facts;
}

}  // namespace steward::app
