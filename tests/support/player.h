// The server's side of the sessions of one transcript: a client's bytes in, the answer out, and a finding for each
// expectation and for each rule that was broken. No network.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agent/session/session.h"
#include "agent/syncml/encoding.h"
#include "agent/syncml/message.h"
#include "tests/support/gate.h"
#include "tests/support/manner.h"
#include "tests/support/match.h"
#include "tests/support/rules.h"
#include "tests/support/transcript.h"

namespace steward::transcript {

struct ClientMessage {
    std::string content_type, body, hmac, url;
    std::optional<HttpHeaders> http;
};

struct Reply {
    int http_status = 200;
    std::string content_type, body, hmac;
    HttpHeaders headers;
    std::optional<std::size_t> cut;
    std::ptrdiff_t length_error = 0;
    std::chrono::milliseconds delay{0};
};

class Player {
  public:
    Player(std::shared_ptr<const Transcript> transcript, Manner manner);

    Reply answer(const ClientMessage& client);

    // The server has said its last word in this session and needs nothing more from the client.
    bool session_over() const { return over_; }
    // Every session of the transcript has begun, and the last one is over.
    bool finished() const { return over_ && at_session_ + 1 >= transcript_->sessions.size(); }

    // The client said nothing more in this session. `how` is what a client in the same process reports.
    void end_session(std::optional<session::End> how = std::nullopt);

    const std::vector<Finding>& findings() const { return findings_; }
    bool passed() const;
    std::size_t sessions() const { return sessions_; }
    std::size_t messages() const { return messages_; }  // of the client, in this session

    // For traces: what was heard and said last; nullopt where it was not SyncML.
    const std::optional<syncml::Message>& heard() const { return heard_; }
    const std::optional<syncml::Message>& said() const { return said_; }

  private:
    const Session& script() const;
    void begin_session();
    Reply refuse_bytes(int status, const std::string& sentence);
    Reply reply_to(const syncml::Message& message, const ClientMessage& client);
    void listen(const syncml::Message& message);
    void judge_expectations(const Exchange& exchange, const ClientMessage& client, const syncml::Message& message);
    const Exchange* due() const;
    void advance();
    Reply say(const Answer& answer, const syncml::Message& message, const Gate::Answer& verdict,
              const std::string& status_code);
    Reply send(const Answer& answer, syncml::Message made, const std::string& fragment);
    syncml::Header header_for(const syncml::Message& message, const Answer& answer);
    Values values() const;
    void failed(std::size_t line, std::string what, std::string seen);

    std::shared_ptr<const Transcript> transcript_;
    Manner manner_;
    Gate gate_;
    Rules rules_;
    std::vector<Finding> findings_;
    std::size_t at_session_ = 0, at_exchange_ = 0;
    std::size_t sessions_ = 0, messages_ = 0, refusals_ = 0, closings_ = 0;
    bool begun_ = false, over_ = false, aborted_ = false, excused_ = false, package_closed_ = true;
    syncml::Header client_;                 // of the last message
    std::vector<syncml::Command> package_;  // gathered so far
    std::optional<Answer> last_answer_;
    syncml::Encoding client_encoding_ = syncml::Encoding::xml;
    std::string server_msg_id_ = "0";
    std::string nonce_;
    std::optional<syncml::Message> heard_, said_;
};

}  // namespace steward::transcript
