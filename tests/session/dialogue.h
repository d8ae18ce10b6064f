// A session and the server that a test plays against it, message by message.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agent/session/session.h"
#include "tests/session/model.h"

namespace steward::session {

struct Nonces final : NonceStore {
    std::vector<std::string> client, server;
    void client_nonce(const std::string& raw) override { client.push_back(raw); }
    void server_nonce(const std::string& raw) override { server.push_back(raw); }
};

// What a server message has besides its commands.
struct Shape {
    bool final = true;
    std::string header_status = "200";  // Status for our SyncHdr; empty: none
    std::string chal;                   // inside that Status
    std::string header;                 // more elements for SyncHdr: Cred, Meta, RespURI …
    std::string body_attributes;        // of SyncBody
    std::string ver_dtd = "1.2", ver_proto = "DM/1.2";
    std::string session_id = "7";
    std::string hmac;
};

class Dialogue {
  public:
    Settings settings;
    Model model;
    Nonces nonces;

    Dialogue();

    // Starts the session; the package 1 that it sends is in sent.
    void open();
    // Feeds a server message whose MsgID is one more than that of the last.
    void say(const std::string& commands = {}, const Shape& shape = {});
    void receive(const Incoming& answer);

    Step step;             // what the session did last
    syncml::Message sent;  // the message in it, read back; empty when there was none
    std::string body;      // its bytes
    std::size_t server_messages = 0;

    bool over() const { return step.end != End::none || !step.send; }
    Session& session() { return *session_; }
    std::string message(const std::string& commands, const Shape& shape) const;  // as say() would send it

  private:
    void take(Step next);

    std::optional<Session> session_;
};

// One line per command: "Status 5 Get ./A 404", "Results 5 ./A=text", "Alert 1222", "Replace ./DevInfo/DevId=…".
// The Status for the header is "Status 0 SyncHdr 200"; MsgRef is left out.
std::vector<std::string> lines(const syncml::Message& message);

// Server commands as text.
std::string command(const std::string& name, const std::string& id, const std::string& content);
std::string item(const std::string& uri);
std::string item(const std::string& uri, const std::string& data, const std::string& format = {});
std::string get(const std::string& id, const std::string& uri);
std::string add(const std::string& id, const std::string& uri, const std::string& data);
std::string replace(const std::string& id, const std::string& uri, const std::string& data);
std::string erase(const std::string& id, const std::string& uri);
std::string alert(const std::string& id, const std::string& code, const std::string& items = {});
std::string piece(const std::string& name, const std::string& id, const std::string& uri, const std::string& size,
                  const std::string& data, bool more);
std::string chal(const std::string& type, const std::string& nonce);

}  // namespace steward::session
