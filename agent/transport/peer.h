// What a TLS handshake showed of the other side, and why it failed, in words a person can act on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/transport/exchange.h"
#include "platform/base/clock.h"
#include "platform/base/result.h"

namespace steward::transport {

struct Peer {
    enum class Problem : std::uint8_t { none, unknown_authority, expired, not_yet_valid, other };
    Problem problem = Problem::none;
    std::string reason;                 // OpenSSL's own words for the problem
    std::string subject, issuer;        // of the certificate that has the problem; of the server's when there is none
    std::string fingerprint;            // its SHA-256, "AB:CD:…"; empty: no certificate came
    std::string key_pin = {};           // of the server's certificate: SHA-256 of its public key in base64
    std::vector<std::string> names;     // the DNS names and addresses the server's certificate is for, a few of them
    Instant not_before{}, not_after{};  // of that certificate
    std::optional<ChainEnd> chain_end;  // once the chain was found good
    std::optional<int> alert;           // TLS alert (RFC 8446 6) that ended the handshake
    bool alert_is_ours = false;         // we sent it; otherwise the server did
};

// Lets *peer be filled in during the handshakes of an OpenSSL SSL_CTX. Only watches: what OpenSSL refuses stays
// refused. The peer must outlive the context's handshakes.
void watch(void* ssl_ctx, Peer* peer);

// Lets the authorities of a PEM file vouch for servers too; false: the file can't be used.
bool trust_besides(void* ssl_ctx, const std::string& pem_file);

// The Error for a handshake with that host that failed. ca_file and certificate_file as in Trust.
Error explain(const Peer& peer, const std::string& host, const std::string& ca_file,
              const std::string& certificate_file, Instant now);

}  // namespace steward::transport
