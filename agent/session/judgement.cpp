// What a server message means for the session: the events of the state machine.
#include <algorithm>
#include <utility>

#include "agent/session/conversation.h"
#include "platform/base/text.h"

namespace steward::session {

using syncml::Command;
using syncml::Name;

namespace {

// A server that announces less than one header and one Status take is not believed.
constexpr std::size_t least_message_size = 1024;
// A piece of a large object below this counts like any other message, or a server could go on for ever.
constexpr std::size_t least_piece = 1024;

std::optional<std::size_t> positive(const std::string& text) {
    const auto number = to_integer(text);
    if (!number || *number <= 0) return std::nullopt;
    return static_cast<std::size_t>(*number);
}

std::size_t announced_size(const std::string& text, std::size_t otherwise) {
    const auto size = positive(text);
    return size ? std::max(*size, least_message_size) : otherwise;
}

Error header_error(Status code, const syncml::Header& header) {
    switch (code) {
        case Status::dtd_version:
            return {Fault::unsupported, "The server speaks a version of SyncML that this agent does not (VerDTD).",
                    header.ver_dtd};
        case Status::protocol_version:
            return {Fault::unsupported, "The server speaks a version of OMA-DM that this agent does not (VerProto).",
                    header.ver_proto};
        default:
            return {Fault::malformed, "The server's message belongs to another session.",
                    "SessionID " + header.session_id};
    }
}

}  // namespace

Event Conversation::judge(Turn& turn, const Incoming& answer) {
    const syncml::Message& message = turn.message();
    turn.msg_id = message.header.msg_id;
    turn.header = check_header(message.header, settings.session_id);
    if (turn.header != Status::done) {
        turn.error = header_error(turn.header, message.header);
        return Event::incompatible;
    }
    note(message);
    if (has_alert(message, AlertCode::abort)) {
        turn.end = End::aborted_by_server;
        turn.error = {Fault::refused, "The server aborted the session (Alert 1223).", {}};
        return Event::aborted;
    }
    if (const auto event = judge_authentication(turn, answer)) return *event;
    const bool free =
        (!outbox.empty() && only_asks_for_more(message)) || (assembly.open() && answer.body.size() >= least_piece);
    const Event event = judge_content(message);
    if ((event == Event::work || event == Event::silent) && !free && ++rounds >= settings.max_messages) {
        turn.end = End::aborted_by_us;
        turn.error = {
            Fault::refused,
            "The session was stopped after " + std::to_string(rounds) + " messages; the server never ended it.",
            {}};
        return Event::endless;
    }
    return event;
}

void Conversation::note(const syncml::Message& message) {
    const auto& limits = message.header.meta.get();
    peer_message = announced_size(limits.max_msg_size, peer_message);
    if (const auto size = positive(limits.max_obj_size)) peer_object = *size;
    microsoft = microsoft || message.microsoft;
    resp_uri = message.header.resp_uri;
    note_alert_answers(message);
}

void Conversation::note_alert_answers(const syncml::Message& message) {
    constexpr std::int64_t first = 4;  // CmdID in package 1, behind Alert 1201 and LoginStatus
    if (alert_answers.empty()) return;
    for (const Command& command : message.commands) {
        if (command.name != Name::status || command.get().cmd != syncml::name_of(Name::alert)) continue;
        const auto id = to_integer(command.get().cmd_ref);
        const bool ours = command.get().msg_ref == package_1_id && id && *id >= first;
        if (!ours || std::cmp_greater_equal(*id - first, alert_answers.size())) continue;
        alert_answers[static_cast<std::size_t>(*id - first)] = static_cast<int>(status_from(command.data));
    }
}

std::optional<Event> Conversation::judge_authentication(Turn& turn, const Incoming& answer) {
    const syncml::Message& message = turn.message();
    turn.header = server.check(message.header, answer.body, answer.hmac);
    const Command* said = header_status(message);
    const syncml::Meta* chal = said != nullptr && said->get().chal ? &*said->get().chal : nullptr;
    const Status code = said != nullptr ? status_from(said->data) : Status::none;
    turn.end = End::not_authenticated;
    switch (client.hear(code, chal)) {
        case ClientProof::Heard::accepted:
            break;
        case ClientProof::Heard::challenged:
            turn.error = {Fault::denied, "The server refused our credentials again after one retry.", said->data};
            return Event::challenged;
        case ClientProof::Heard::not_met:
            turn.error = {Fault::denied, "The server demands credentials that this account does not have.", said->data};
            return Event::not_met;
        case ClientProof::Heard::unknown:
            turn.error = {Fault::unsupported,
                          "The server demands a kind of credentials that this account does not use.", chal->type};
            turn.challenge_id = said->cmd_id;
            return Event::unknown_proof;
        case ClientProof::Heard::refused:
            if (code == Status::authenticated) {
                turn.error = {Fault::refused, "The server accepts a MAC for the whole session, which it must not.", {}};
            } else {
                turn.end = End::failed;
                turn.error = {Fault::refused, "The server refused our message (status " + said->data + ").", {}};
            }
            return Event::refused;
    }
    if (succeeded(turn.header)) {
        turn.end = End::failed;
        return std::nullopt;
    }
    if (turn.header == Status::no_credentials && !has_commands(message)) return Event::stranger;
    turn.end = End::server_not_authenticated;
    turn.error = {Fault::denied, "The server did not prove who it is, even when asked to.", {}};
    return server.demanded() ? Event::impostor : Event::unproven;
}

Event Conversation::judge_content(const syncml::Message& message) {
    // While we are still sending our package, a message that only asks for the rest of it opens none of its own.
    const bool same_package = !outbox.empty() && only_asks_for_more(message);
    package_closed = message.final || (same_package && package_closed);
    if (results_refused(message)) outbox.abandon_upload();
    const bool broken_off = assembly.open() && message.final;
    if (has_commands(message) || broken_off || !outbox.empty()) {
        asked = false;
        return Event::work;
    }
    if (package_closed) return Event::nothing;
    return asked ? Event::mute : Event::silent;
}

}  // namespace steward::session
