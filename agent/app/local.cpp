#include "agent/app/local.h"

#include "agent/app/sync.h"
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

tree::Verb verb_of(syncml::Name name) {
    switch (name) {
        case syncml::Name::add:
            return tree::Verb::add;
        case syncml::Name::replace:
            return tree::Verb::replace;
        case syncml::Name::erase:
            return tree::Verb::erase;
        case syncml::Name::exec:
            return tree::Verb::exec;
        case syncml::Name::copy:
            return tree::Verb::copy;
        default:
            return tree::Verb::get;
    }
}

void collect(const syncml::Command& command, std::vector<tree::Operation>& operations) {
    using syncml::Name;
    switch (command.name) {
        case Name::atomic:
        case Name::sequence:
            for (const auto& child : command.children) collect(child, operations);  // depth is bounded by the reader
            return;
        case Name::add:
        case Name::replace:
        case Name::erase:
        case Name::get:
        case Name::exec:
        case Name::copy:
            for (const auto& item : command.items) {
                operations.push_back(
                    {verb_of(command.name), item.target, item.source, item.meta.format, item.meta.type, item.data});
            }
            return;
        default:
            return;
    }
}

}  // namespace

std::string whole_message(std::string_view body) {
    const std::string_view text = trim(body);
    if (text.find("<SyncML") != std::string_view::npos || text.find(":SyncML") != std::string_view::npos) {
        return std::string(text);
    }
    std::string message =
        "<SyncML xmlns=\"SYNCML:SYNCML1.2\"><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto>"
        "<SessionID>1</SessionID><MsgID>1</MsgID><Target><LocURI>local</LocURI></Target><Source><LocURI>" +
        std::string(nowhere) + "</LocURI></Source></SyncHdr>";
    const bool has_body = text.starts_with("<SyncBody");
    if (!has_body) message += "<SyncBody>";
    message += text;
    if (!has_body) message += "<Final/></SyncBody>";
    return message + "</SyncML>";
}

Result<std::vector<tree::Operation>> operations_of(const std::string& body) {
    auto message = syncml::read_xml(whole_message(body));
    if (!message) return message.error();
    std::vector<tree::Operation> operations;
    for (const auto& command : message->commands) collect(command, operations);
    return operations;
}

Result<std::string> run_locally(Agent& agent, const std::string& body) {
    auto message = syncml::read_xml(whole_message(body));
    if (!message) return message.error();
    // The session engine is the one that knows how commands are answered: it gets this message as a server's first.
    Account local;
    local.id = tree::local_authority;
    local.url = nowhere;
    auto settings = settings_for(agent, local);
    message->header.session_id = settings.session_id;
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
