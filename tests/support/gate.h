// Authentication in the server's role: whether the client proved itself, what to challenge it with, and how the server
// proves itself. Source: protocol sheet section 4. Nonces live on from one session to the next.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "agent/syncml/message.h"
#include "tests/support/transcript.h"

namespace steward::transcript {

class Gate {
  public:
    // Of a session that begins: what its transcript says, over what is known from the session before.
    void begin(const ClientProof& client, const ServerProof& server);

    enum class Verdict : std::uint8_t { open, proved, missing, wrong };
    Verdict judge(const syncml::Header& header, std::string_view hmac, std::string_view body);

    // The code and, where one is due, the challenge of the SyncHdr Status that tells the verdict.
    struct Answer {
        std::string code;
        std::optional<syncml::Meta> chal;
    };
    Answer accept(Verdict verdict);    // 200 or 212
    Answer refuse(Verdict verdict);    // 407 or 401, with a new nonce
    const std::string& fresh_nonce();  // as it goes out; from then on the one the client must use

    // What the client's Status for our SyncHdr says about our own proof.
    void heard(const syncml::Command& status);
    bool refused_by_client() const { return refused_by_client_; }

    // Puts Cred and LocName into a header of ours, or nothing where the proof travels elsewhere.
    void sign(syncml::Header& header, transcript::Answer::Proof proof) const;
    std::string hmac(std::string_view body, transcript::Answer::Proof proof) const;  // header value; empty: none

  private:
    syncml::Meta challenge();
    bool proof_due(transcript::Answer::Proof proof) const;
    std::string server_secret(transcript::Answer::Proof proof) const;

    ClientProof client_;
    ServerProof server_;
    std::size_t challenges_ = 0;
    bool accepted_for_session_ = false;  // 212 was said
    bool server_accepted_ = false;       // the client said 212
    bool refused_by_client_ = false;
    std::string last_nonce_;  // as it went out
};

}  // namespace steward::transcript
