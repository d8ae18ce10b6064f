// Whether a device that enrolled is who it says: by its certificate in TLS, by the credentials of its account, or both.
// Source: MS-MDM 2.1, protocol sheet 4.8, interop sheet 2.2.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "platform/base/clock.h"
#include "platform/base/result.h"
#include "tests/server/authority.h"
#include "tests/server/http.h"
#include "tests/server/registry.h"
#include "tests/support/transcript.h"

namespace steward::server {

enum class IdentifyBy : std::uint8_t { either, certificate, credentials, both };
std::optional<IdentifyBy> identify_by_named(std::string_view name);

// What is to be checked when sessions are for enrolled devices only.
struct Enrolled {
    Registry& registry;
    const Authority& authority;
    const Clock& clock;
    IdentifyBy by = IdentifyBy::either;
    bool server_proves_itself = false;  // with the account's CLIENT credentials, by MD5
    std::string push_name;              // PFN that devices are told; empty: none
};

struct Trusted {
    Device device;
    bool by_certificate = false;
    bool by_credentials = false;  // still to be proved in the session
};

// Faults: denied, with the sentence that the client gets. A session goes on as it began: `began` is how.
Result<Trusted> trusted(const Enrolled& enrolled, const std::string& device, const Peer& peer,
                        const std::optional<Trusted>& began);

// The script with the proofs that this device and the server owe each other.
transcript::Transcript with_proofs(transcript::Transcript script, const Enrolled& enrolled, const Trusted& device);

}  // namespace steward::server
