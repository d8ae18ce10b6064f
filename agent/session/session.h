// One OMA-DM session with one server: bytes in, bytes out, no I/O. Whoever owns the transport posts what open() and
// receive() hand out and feeds back what the server answered, until Step::done.
// Source: OMA DM Protocol 1.2 sections 6 to 9, MS-MDM 3.1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/session/alerts.h"
#include "agent/session/credentials.h"
#include "agent/syncml/encoding.h"
#include "agent/syncml/message.h"
#include "agent/tree/operation.h"
#include "platform/base/digest.h"

namespace steward::session {

using syncml::Encoding;

// Facts that package 1 states about this device, in the order they are sent.
struct DeviceInfo {
    std::string dev_id, manufacturer, model, dm_version, language;
};

// A message for the server.
struct Outgoing {
    std::string url;  // where to post it: the server's address, or RespURI
    std::string content_type;
    std::string body;
    std::string hmac;  // value of x-syncml-hmac; empty: no header
};

// Hears when the session begins to execute a server's commands and when that is over. In between pending() makes a
// message that says it goes on; one other thread may call it. Whatever that is answered with is not for the session.
struct Execution {
    virtual ~Execution() = default;
    virtual void begins(std::function<Outgoing()> pending) = 0;
    virtual void ended() = 0;  // pending() is not called again once this returns
};

struct Settings {
    std::string server_id;   // provider id: the authority of everything this session changes
    std::string server_url;  // configured address, without the mode and platform query
    std::string session_id;  // small decimal, or upper-case hex after a notification
    DeviceInfo device;
    Encoding encoding = Encoding::xml;
    bool server_initiated = false;        // Alert 1200 instead of 1201
    std::string login_status = "none";    // user, others or none
    std::vector<syncml::Command> alerts;  // more alerts for package 1 (1224, 1226)
    Credentials client;                   // how we prove ourselves
    Credentials server;                   // how the server must prove itself; kind none: TLS is enough
    bool transport_is_secure = true;      // false: no credentials of any kind travel, unless the next line allows it
    bool allow_digest_without_tls = false;
    bool original_errors = false;         // SyncApplicationVersion >= 3.0: msft:originalerror on failing Status
    bool allow_foreign_resp_uri = false;  // RespURI may lead to another host, over https
    std::size_t max_messages = 100;       // A19: an endless server is stopped with 1223; pieces of large objects and
                                          // the rest of answers that had to be split do not count
    std::size_t max_object_size = 16u << 20;
    std::size_t max_message_size = 16u << 20;  // of a message we accept; and of ours where the server names no limit
    Execution* execution = nullptr;            // only with a server that wants to hear that its commands take long
    UserPrompt prompt;                         // without it UI alerts are answered with 406
    std::function<std::string()> make_nonce = [] { return random_bytes(16); };  // raw octets
};

struct Incoming {
    int http_status = 200;
    std::string_view content_type;
    std::string_view body;
    std::string_view hmac;
};

enum class End : std::uint8_t {
    none,      // not over yet
    finished,  // as it should be
    aborted_by_server,
    aborted_by_us,      // we sent 1223 (or would have)
    not_authenticated,  // the server refused our credentials
    server_not_authenticated,
    left,   // the server ended the enrolment: it hears of that in a session of its own
    failed  // HTTP error, unreadable answer, protocol violation
};

std::string_view name_of(End end);  // "finished", "aborted-by-us" …

struct Step {
    std::optional<Outgoing> send;  // post this, then call receive(); without it the session is over
    End end = End::none;           // may come together with a last message to send (1223); its answer is not needed
    Error error;                   // when end is neither none nor finished: what happened, for a person
};

// Nonces that must survive the session. Called before the message that relies on it leaves, so that the caller can
// make it durable.
struct NonceStore {
    virtual ~NonceStore() = default;
    virtual void client_nonce(const std::string& raw) = 0;  // what we must use towards the server next
    virtual void server_nonce(const std::string& raw) = 0;  // what the server must use towards us next
};

class Session {
  public:
    Session(Settings settings, tree::Executor& tree, NonceStore& nonces);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    Step open();                           // package 1
    Step receive(const Incoming& answer);  // what came back for the last Outgoing

    struct Counters {
        std::size_t messages = 0;  // sent
        std::size_t commands = 0;  // statuses for commands of the server
        std::size_t failed = 0;    // of them, those that report a failure
    };
    Counters counters() const;

    // For each of Settings::alerts the status code that the server answered it with; 0: none so far. An alert that must
    // not be lost stays queued until it has one.
    const std::vector<int>& alert_answers() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace steward::session
