// CertificateStore/MY/WSTEP/Renew from a server's command to the day of the renewal.
#include "agent/app/renewal_terms.h"

#include "tests/certificates/device.h"

namespace steward::test {
namespace {

using std::chrono::days;

const std::string renew = "./Device/Vendor/MSFT/CertificateStore/MY/WSTEP/Renew/";

class RenewalTerms : public CertificateDevice {
  protected:
    RenewalTerms() {
        record_.provider = "corp";
        record_.identity.not_before = begin_;
        record_.identity.not_after = begin_ + days(300);
    }
    // Days after the begin, as for a certificate of 300 days.
    std::int64_t due(const std::string& provider = "corp") {
        auto record = record_;
        record.provider = provider;
        const auto at = enrol::next_renewal(begin_, app::renewal_facts(policies_, record), 0);
        return at ? (*at - begin_) / days(1) : -1;
    }

    const Instant begin_{std::chrono::sys_days(std::chrono::year(2026) / 1 / 1)};
    enrol::Record record_;
};

TEST_F(RenewalTerms, AServerMovesTheRenewalOfItsOwnEnrolmentAlone) {
    EXPECT_EQ(due(), 200) << "two thirds of the time";
    expect_done(run({change(Verb::add, renew + "RenewPeriod", "30", "int")}));
    EXPECT_EQ(get(renew + "RenewPeriod"), "30");
    EXPECT_EQ(due(), 270);
    EXPECT_EQ(due("other"), 200);
    expect_done(run({change(Verb::replace, renew + "ROBOSupport", "false", "bool")}));
    EXPECT_EQ(due(), -1);
    EXPECT_EQ(due("other"), 200);
    expect_done(run({change(Verb::erase, renew + "RenewPeriod"), change(Verb::erase, renew + "ROBOSupport")}));
    EXPECT_EQ(due(), 200);
}

TEST_F(RenewalTerms, ARetryComesWhenTheServerSaysAndNotAfterTheEnd) {
    record_.last_attempt = begin_ + days(200);
    expect_done(run({change(Verb::add, renew + "RetryInterval", "2", "int")}));
    const auto facts = app::renewal_facts(policies_, record_);
    EXPECT_EQ(facts.terms.retry_days, 2);
    EXPECT_LE(due(), 202);
    EXPECT_GE(due(), 201);
}

TEST_F(RenewalTerms, NumbersOutOfRangeAreRefused) {
    EXPECT_EQ(one(Verb::add, renew + "RenewPeriod", "0", "int").state, State::failed);
    EXPECT_EQ(one(Verb::add, renew + "RetryInterval", "1001", "int").state, State::failed);
    EXPECT_EQ(due(), 200);
}

}  // namespace
}  // namespace steward::test
