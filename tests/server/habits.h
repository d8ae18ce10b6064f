// Enrolment servers that exist, as far as a client notices: what they insist on and how they spell their answers.
// Source: interop sheet 2.1 (S1 to S10), 2.1b (A9, A13 to A18) and 2.2 to 2.4.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/result.h"
#include "tests/server/soap.h"

namespace steward::server {

// How a request is looked at; each is a rule of the interop sheet.
enum class Rule : std::uint8_t {
    prefixes,       // S1
    no_blanks,      // S2
    namespaces,     // S3
    addressing,     // S4
    token_order,    // S5
    context_shape,  // S6
    context_items,  // S7
    tpm,            // S8
    email,          // S9
    version         // S10
};

struct Poll {  // minutes and counts of DMClient/Provider/{id}/Poll
    long first_interval = 15, first_count = 5;
    long second_interval = 60, second_count = 10;
    long remaining_interval = 1440, remaining_count = 0;
};

struct Habits {
    std::string name, about;
    std::vector<Rule> rules;
    Dress dress;
    std::string provider;  // PROVIDER-ID; empty: what the options say
    bool faults_with_200 = false;
    bool broken_policy = false;             // "algorithmOIDReferencexsi:nil" (A14)
    bool two_stores = false;                // one CertificateStore for the root, one for the device's certificate
    bool empty_root = false;                // and a third one with a Root that holds nothing
    bool version_1 = false;                 // certificates of version 1 with extensions (A18)
    bool key_container_beside = false;      // PrivateKeyContainer next to the thumbprint, not in it
    bool nameless_retry = false;            // BACKCOMPATRETRYDISABLED without a value
    bool data_types = true;                 // datatype attributes
    bool search_criteria = false;           // SSLCLIENTCERTSEARCHCRITERIA
    std::optional<std::string> nonce_word;  // AAUTHDATA as it goes out, the same for all devices (A9)
    std::optional<Poll> poll;
    std::optional<long> renew_period;
};

std::vector<std::string> habit_names();
Result<Habits> habits_of(std::string_view name);

// The first rule that this request breaks, as a sentence; nullopt: none. `root` is what `bytes` say.
enum class Step : std::uint8_t { discovery, policy, enrolment };
std::optional<std::string> breach_of(const std::vector<Rule>& rules, Step step, std::string_view bytes,
                                     const Envelope& read);

}  // namespace steward::server
