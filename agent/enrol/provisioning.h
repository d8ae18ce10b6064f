// The wap-provisioningdoc as plain values, with every tolerance of A17. Source: MS-MDE2 2.2.9, w7 APPLICATION CSP,
// protocol sheet 4.7, 4.8 and 10.8.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/result.h"

namespace steward::enrol {

// One side's credentials of an APPLICATION. CLIENT on the wire is the server's proof, APPSRV is ours (E16).
struct AppAuth {
    std::string type;  // "BASIC", "DIGEST", "HMAC"; as written
    std::string name;
    std::string secret;
    std::optional<std::string> nonce;  // raw; nullopt: none, or no base64 as with servers that say "nonce" (S20)
};

// A value for DMAcc/{x}/ or DMClient/Provider/{id}/, with the path below it.
struct Setting {
    std::string path;      // "Poll/NumberOfFirstRetries"
    std::string datatype;  // "string", "integer", "boolean"
    std::string value;
};

struct Renewal {
    bool robo = true;
    std::int64_t period_days = 42;  // before expiry
    std::int64_t retry_days = 7;
    bool stated = false;  // by the server; without it the agent renews from two thirds of the lifetime on
};

// A bulk enrolment as provisioning packages write it (Workplace/Enrollments/{UPN}).
struct Invitation {
    std::string user;
    std::string auth_policy;  // "OnPremise"
    std::string discovery_url, policy_url, service_url;
    std::string secret;
};

struct Provisioning {
    std::vector<std::string> roots, intermediates;  // DER
    std::vector<std::string> identities;            // DER, below My: one of them is for our key

    std::string provider;  // PROVIDER-ID, blanks and all
    std::string name;
    std::string url;
    std::optional<AppAuth> client, server;
    std::string encoding;                    // DEFAULTENCODING
    std::vector<Setting> account_settings;   // below DMAcc/{x}
    std::vector<Setting> provider_settings;  // below DMClient/Provider/{id}
    Renewal renewal;
    std::optional<Invitation> invitation;
    std::vector<std::string> ignored;  // characteristics that nobody here knows, for people
};

// Faults: malformed (no provisioning document), invalid (a part of it can't be used; the sentence names it).
// What is not known is ignored; an APPLICATION is not required when there is an invitation or only a certificate. A
// renewal repeats no more of it than the PROVIDER-ID.
enum class Delivers : std::uint8_t { account, renewal };
Result<Provisioning> read_provisioning(std::string_view document, Delivers delivers = Delivers::account);

}  // namespace steward::enrol
