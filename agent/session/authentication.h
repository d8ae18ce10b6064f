// Who proves what to whom inside one session. Source: OMA DM Security 1.2 section 5, protocol sheet 1.6 and 4.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "agent/session/credentials.h"
#include "agent/session/status.h"
#include "agent/syncml/message.h"

namespace steward::session {

// How we prove ourselves to the server.
class ClientProof {
  public:
    explicit ClientProof(Credentials credentials) : credentials_(std::move(credentials)) {}

    void sign(syncml::Header& header);        // LocName and Cred for the next message, as far as they are due
    bool due() const;                         // the next message carries a proof
    std::string hmac(std::string_view body);  // x-syncml-hmac of it; empty: none

    enum class Heard : std::uint8_t {
        accepted,    // or nothing was said
        challenged,  // try again
        not_met,     // challenged, but we have nothing that fits
        unknown,     // challenged for a kind that we do not know, or that would give the secret away
        refused,     // another failing status, or 212 for a MAC
    };
    Heard hear(Status header_status, const syncml::Meta* chal);

    // A nonce that an accepting server gave us and that is not stored yet; handed out once.
    std::optional<std::string> take_nonce_to_store();

  private:
    Heard challenged(const syncml::Meta* chal);

    Credentials credentials_;
    bool sent_ = false;         // the last message carried a proof
    bool challenged_ = false;   // at any time: LocName is written from then on
    bool for_session_ = false;  // 212: no more proofs
    bool unsaved_ = false;      // the nonce in use is not the stored one
    std::optional<std::string> to_store_;
};

// How the server proves itself to us.
class ServerProof {
  public:
    ServerProof(Credentials credentials, std::function<std::string()> make_nonce)
        : credentials_(std::move(credentials)), make_nonce_(std::move(make_nonce)) {}

    // Looks at a message. done: nothing to say about it. authenticated: proved for the rest of the session.
    // no_credentials, bad_credentials: not proved.
    Status check(const syncml::Header& header, std::string_view body, std::string_view hmac);
    bool trusted() const { return trusted_; }
    bool demanded() const { return demanded_; }  // we have sent a challenge before

    // The Chal that belongs to the Status for this header: a fresh nonce. Called when that Status is written, since
    // from then on the server uses it.
    std::optional<syncml::Meta> chal(Status header_status);
    std::optional<std::string> take_nonce_to_store();

  private:
    Status verify(const syncml::Header& header, std::string_view body, std::string_view hmac) const;

    Credentials credentials_;
    std::function<std::string()> make_nonce_;
    bool trusted_ = false, for_session_ = false, demanded_ = false;
    std::optional<std::string> to_store_;
};

}  // namespace steward::session
