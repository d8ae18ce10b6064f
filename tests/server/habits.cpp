#include "tests/server/habits.h"

#include <array>

#include "platform/base/text.h"

namespace steward::server {
namespace {

struct Kind {
    std::string_view name, about;
};

constexpr std::array<Kind, 6> kinds = {{
    {"plain", "what the standard says"},
    {"fleet",
     "insists on S1, S3, S4, S5, S7 and S10; faults in small letters with HTTP 200; AAUTHDATA is the word \"nonce\", "
     "polls every minute"},
    {"wso2",
     "no blanks between elements (S2); the token response in SOAP 1.1, base64 in lines, BACKCOMPATRETRYDISABLED alone"},
    {"oscar",
     "regular expressions for S1, S2, S4, S5 and S6; a policy answer that is not well-formed, a timestamp of years "
     "ago, a PROVIDER-ID with a space, AAUTHDATA \"nonce\""},
    {"literal",
     "finds S1 to S6 by literal beginnings; two CertificateStore blocks and an empty Root, PrivateKeyContainer beside "
     "the certificate, base64 in lines, no datatypes"},
    {"mattrax",
     "wants TPM facts (S8) and an address like x@y.z (S9); certificates of version 1 with extensions, "
     "SSLCLIENTCERTSEARCHCRITERIA, PrivateKeyContainer beside the certificate"},
}};

}  // namespace

std::vector<std::string> habit_names() {
    std::vector<std::string> names;
    names.reserve(kinds.size());
    for (const auto& kind : kinds) names.emplace_back(kind.name);
    return names;
}

Result<Habits> habits_of(std::string_view name) {
    Habits made;
    for (const auto& kind : kinds) {
        if (kind.name != name) continue;
        made.name = kind.name;
        made.about = kind.about;
    }
    if (made.name.empty()) {
        return Error{
            Fault::not_found,
            "No enrolment server is called \"" + std::string(name) + "\"; there are " + join(habit_names(), ", ") + '.',
            std::string(name)};
    }
    if (name == "fleet") {
        made.rules = {Rule::prefixes,    Rule::namespaces,    Rule::addressing,
                      Rule::token_order, Rule::context_items, Rule::version};
        made.provider = "Fleet";
        made.dress.lower_case_faults = made.faults_with_200 = true;
        made.nonce_word = "nonce";
        constexpr long every_minute = 1, without_end = 0, never = 0, year = 365;
        made.poll = Poll{every_minute, without_end, never, never, never, never};
        made.renew_period = year;
    } else if (name == "wso2") {
        made.rules = {Rule::no_blanks};
        made.dress.soap_1_1 = made.dress.folded = made.nameless_retry = true;
        made.nonce_word = "ZHVtbXk=";
    } else if (name == "oscar") {
        made.rules = {Rule::prefixes, Rule::no_blanks, Rule::addressing, Rule::token_order, Rule::context_shape};
        made.provider = "Oscars MDM";
        made.dress.stale = made.broken_policy = made.nameless_retry = true;
        made.nonce_word = "nonce";
    } else if (name == "literal") {
        made.rules = {Rule::prefixes,   Rule::no_blanks,   Rule::namespaces,
                      Rule::addressing, Rule::token_order, Rule::context_shape};
        made.two_stores = made.empty_root = made.key_container_beside = made.dress.folded = true;
        made.data_types = false;
    } else if (name == "mattrax") {
        made.rules = {Rule::prefixes, Rule::tpm, Rule::email};
        made.version_1 = made.search_criteria = made.key_container_beside = true;
    }
    return made;
}

}  // namespace steward::server
