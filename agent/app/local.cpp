#include "agent/app/local.h"

#include "agent/app/sync.h"
#include "agent/session/commands.h"
#include "agent/session/session.h"
#include "agent/syncml/read.h"
#include "agent/syncml/write.h"
#include "platform/base/text.h"

namespace steward::app {
namespace {

constexpr const char* nowhere = "urn:steward:local";

struct NoNonces final : session::NonceStore {
    void client_nonce(const std::string&) override {}
    void server_nonce(const std::string&) override {}
};

void collect(const syncml::Command& command, std::vector<tree::Operation>& operations) {
    for (const auto& child : command.children) collect(child, operations);  // depth is bounded by the reader
    const auto verb = session::verb_of(command.name);
    if (!verb) return;
    for (const auto& item : command.items) {
        operations.push_back({*verb, item.target, item.source, item.meta.format, item.meta.type, item.data});
    }
}

// The reader takes a bare SyncBody for a message; bare commands get one.
Result<syncml::Message> read_body(std::string_view body) {
    const std::string_view text = trim(body);
    const bool whole = text.find("<SyncML") != std::string_view::npos ||
                       text.find(":SyncML") != std::string_view::npos || text.starts_with("<SyncBody");
    return syncml::read_xml(whole ? std::string(text) : "<SyncBody>" + std::string(text) + "<Final/></SyncBody>");
}

}  // namespace

Result<std::vector<tree::Operation>> operations_of(const std::string& body) {
    auto message = read_body(body);
    if (!message) return message.error();
    std::vector<tree::Operation> operations;
    for (const auto& command : message->commands) collect(command, operations);
    return operations;
}

Result<std::string> run_locally(Agent& agent, const std::string& body) {
    auto message = read_body(body);
    if (!message) return message.error();
    // The session engine is the one that knows how commands are answered: it gets this message as a server's first.
    Account local;
    local.id = tree::local_authority;
    local.url = nowhere;
    auto settings = settings_for(agent, local);
    message->header.session_id = settings.session_id;
    if (message->header.msg_id.empty()) message->header.msg_id = "1";
    message->header.ver_dtd = "1.2";
    message->header.ver_proto = "DM/1.2";
    message->header.cred.reset();
    message->final = true;
    NoNonces nonces;
    session::Session session(std::move(settings), agent.tree(), nonces);
    (void)session.open();
    const std::string bytes = syncml::write_xml(*message);
    const auto step = session.receive({200, syncml::content_type(syncml::Encoding::xml), bytes, {}});
    if (step.send) return step.send->body;
    if (step.end != session::End::finished) return step.error;
    return Error{Fault::incomplete, "The message holds no command to run.", {}};
}

}  // namespace steward::app
