#include "agent/session/conversation.h"

#include <utility>

#include "agent/session/address.h"

namespace steward::session {

using syncml::Command;
using syncml::Name;

namespace {

Command status_for(const std::string& msg_ref, const std::string& cmd_ref, const char* cmd, Status code) {
    Command status;
    status.name = Name::status;
    status.set().msg_ref = msg_ref;
    status.set().cmd_ref = cmd_ref;
    status.set().cmd = cmd;
    status.data = text_of(code);
    return status;
}

Command device_information(const DeviceInfo& device) {
    Command replace;
    replace.name = Name::replace;
    const std::pair<const char*, const std::string&> facts[] = {{"./DevInfo/DevId", device.dev_id},
                                                                {"./DevInfo/Man", device.manufacturer},
                                                                {"./DevInfo/Mod", device.model},
                                                                {"./DevInfo/DmV", device.dm_version},
                                                                {"./DevInfo/Lang", device.language}};
    for (const auto& [uri, value] : facts) {
        syncml::Item item;
        item.source = uri;
        item.data = value;
        replace.items.push_back(std::move(item));
    }
    return replace;
}

}  // namespace

Conversation::Conversation(Settings with, tree::Executor& executor, NonceStore& store)
    : settings(std::move(with)),
      context{settings.server_id, settings.session_id},
      tree(executor),
      nonces(store),
      client(settings.client),
      server(settings.server, settings.make_nonce),
      assembly(settings.max_object_size),
      encoding(settings.encoding),
      peer_message(settings.max_message_size),
      microsoft(settings.original_errors) {
    alert_answers.resize(settings.alerts.size());
}

Step Conversation::open() {
    const Transition next = transition(phase, Event::opened);
    if (next.action != Action::introduce) return close(End::failed, {Fault::bug, "The session was opened before.", {}});
    const bool credentials = settings.client.kind != Auth::none || settings.server.kind != Auth::none;
    if (credentials && !settings.transport_is_secure && !settings.allow_digest_without_tls) {
        phase = Phase::over;
        return close(
            End::not_authenticated,
            {Fault::refused,
             "The account uses credentials, and its server is not reached over TLS; the account does not allow "
             "that.",
             settings.server_url});
    }
    phase = next.next;
    return introduce(nullptr);
}

Step Conversation::receive(const Incoming& incoming) {
    if (transition(phase, Event::ended).action == Action::misuse) {
        return close(End::failed, {Fault::bug, "The session is not waiting for an answer.", {}});
    }
    Opened opened = open_answer(incoming, settings);
    Turn turn;
    turn.replies = std::move(opened.replies);
    turn.error = std::move(opened.error);
    turn.answers_message = turn.replies != nullptr;
    if (turn.replies) encoding = opened.encoding;
    const Event event = turn.replies ? judge(turn, incoming) : opened.event;
    const Transition next = transition(phase, event);
    phase = next.next;
    return act(next.action, std::move(turn));
}

Step Conversation::act(Action action, Turn turn) {
    switch (action) {
        case Action::introduce:
            return introduce(nullptr);
        case Action::repeat:
            return introduce(&turn);
        case Action::answer:
            return answer(std::move(turn));
        case Action::ask:
            return speak(turn);
        case Action::challenge:
            return challenge(std::move(turn));
        case Action::reject:
            return last_words(turn, std::nullopt, End::failed);
        case Action::decline: {
            Command status = status_for(turn.message().header.msg_id, turn.challenge_id, syncml::name_of(Name::status),
                                        Status::unsupported);
            return last_words(turn, std::move(status), End::not_authenticated);
        }
        case Action::abort:
            return last_words(turn, make_alert(AlertCode::abort), turn.end);
        case Action::finish:
            return close(End::finished, {});
        case Action::stop:
        case Action::fail:
        case Action::misuse:
            break;
    }
    return close(turn.end, std::move(turn.error));
}

// Package 1: CmdIDs from 2, since 1 belongs to the Status of a challenge. Source: protocol sheet 9.1, interop S13 to
// S18.
Step Conversation::introduce(const Turn* challenged) {
    ++rounds;
    syncml::Writer writer = begin();
    package_1_id = std::to_string(counters.messages);
    if (challenged != nullptr) add_header_status(writer, *challenged);
    unsigned cmd_id = 2;
    const auto add = [&](Command command) {
        command.cmd_id = std::to_string(cmd_id++);
        writer.add(command);
    };
    add(make_alert(settings.server_initiated ? AlertCode::started_by_server : AlertCode::started_by_client));
    add(login_alert(settings.login_status));
    for (const Command& alert : settings.alerts) add(alert);
    add(device_information(settings.device));
    return post(writer, true);
}

Step Conversation::answer(Turn turn) {
    Commands commands(context, tree, settings.prompt, assembly);
    const PeerLimits limits{peer_object, message_room(turn), microsoft};
    // A proof would have to be made anew for each message, and its nonce may come with an answer that nobody reads.
    Execution* watching = client.due() ? nullptr : settings.execution;
    if (watching != nullptr) watching->begins([this] { return pending(); });
    commands.run(*turn.replies, limits, encoding);
    if (watching != nullptr) watching->ended();
    if (commands.leaving()) {
        phase = Phase::over;
        return close(End::left, {});
    }
    for (const StatusLine& line : turn.replies->statuses) {
        if (line.silent) continue;
        ++counters.commands;
        if (!succeeded(line.code) && line.code != Status::chunk_stored) ++counters.failed;
    }
    if (commands.upload_refused()) outbox.abandon_upload();
    outbox.push(std::move(turn.replies));
    for (const auto& target : commands.take_interrupted()) outbox.push_alert(interrupted_alert(target));
    return speak(turn);
}

// Neither statuses nor Final: the package that it belongs to is still to come. Touches nothing that executing commands
// does.
Outgoing Conversation::pending() {
    syncml::Writer writer = begin();
    Command alert = pending_alert();
    alert.cmd_id = "1";
    writer.add(alert);
    return outgoing(writer, false);
}

// Nothing is executed: one Status per command, and a Chal in that for the header.
Step Conversation::challenge(Turn turn) {
    Commands::refuse(*turn.replies, turn.header);
    outbox.push(std::move(turn.replies));
    return speak(turn);
}

// Our next message of packages 3: what waits in the outbox, as far as the server can take it.
Step Conversation::speak(const Turn& turn) {
    const bool refusing = !succeeded(turn.header);
    // An authentication failure is answered with statuses alone, and closes the package at once.
    const bool complete = refusing || (package_closed && !assembly.open());
    // A message of nothing but a successful Status for the header is never sent.
    if (outbox.empty() && complete && !refusing) {
        phase = Phase::over;
        return close(End::finished, {});
    }
    syncml::Writer writer = begin();
    unsigned cmd_id = add_header_status(writer, turn);
    Command next = make_alert(AlertCode::next_message);
    const std::size_t reserve = complete ? 0 : writer.size_of(next) + sizeof("<CmdID>12345</CmdID>");
    Draft draft{writer, encoding, peer_message > reserve ? peer_message - reserve : 0, microsoft, cmd_id};
    outbox.pack(draft);
    const bool all_said = outbox.empty();
    asked = all_said && !complete && !draft.has_results;
    if (asked) {
        next.cmd_id = draft.take_cmd_id();
        writer.add(next);
    }
    return post(writer, all_said && complete);
}

// One command, after which the session is over whatever the server says.
Step Conversation::last_words(const Turn& turn, std::optional<Command> command, End end) {
    syncml::Writer writer = begin();
    unsigned cmd_id = 1;
    if (turn.answers_message) cmd_id = add_header_status(writer, turn);
    if (command) {
        command->cmd_id = std::to_string(cmd_id);
        writer.add(*command);
    }
    Step step = post(writer, true);
    step.end = end;
    step.error = turn.error;
    return step;
}

Step Conversation::close(End end, Error error) {
    save_nonces();
    return {std::nullopt, end, std::move(error)};
}

syncml::Header Conversation::header() const {
    syncml::Header header;
    header.ver_dtd = "1.2";
    header.ver_proto = "DM/1.2";
    header.session_id = settings.session_id;
    header.msg_id = std::to_string(counters.messages);
    header.target.uri = location_of(settings.server_url);
    header.source.uri = settings.device.dev_id;
    return header;
}

syncml::Writer Conversation::begin() {
    ++counters.messages;
    syncml::Header ours = header();
    client.sign(ours);
    return {ours, microsoft, encoding};
}

unsigned Conversation::add_header_status(syncml::Writer& writer, const Turn& turn) {
    Command status = status_for(turn.msg_id, "0", "SyncHdr", turn.header);
    status.set().chal = server.chal(turn.header);
    status.cmd_id = "1";
    writer.add(status);
    return 2;
}

// The statuses of an Atomic must fit in beside the header, its Status and a request for the next message.
std::size_t Conversation::message_room(const Turn& turn) const {
    syncml::Header ours = header();
    ClientProof copy = client;
    copy.sign(ours);
    const syncml::Writer writer(ours, microsoft, encoding);
    Command status = status_for(turn.msg_id, "0", "SyncHdr", turn.header);
    status.set().chal = ServerProof(server).chal(turn.header);
    constexpr std::size_t spare = 128;  // Alert 1222, ids one digit longer
    const std::size_t used = writer.size() + writer.size_of(status) + spare;
    return peer_message > used ? peer_message - used : 0;
}

Outgoing Conversation::outgoing(syncml::Writer& writer, bool final) {
    Outgoing out;
    out.url = next_address(settings.server_url, resp_uri, settings.allow_foreign_resp_uri);
    out.content_type = syncml::content_type(encoding);
    out.body = writer.finish(final);
    out.hmac = client.hmac(out.body);
    return out;
}

Step Conversation::post(syncml::Writer& writer, bool final) {
    Outgoing out = outgoing(writer, final);
    save_nonces();
    return {std::move(out), End::none, {}};
}

// A nonce that a server gave us counts only when that server has proved itself, if it has to.
void Conversation::save_nonces() {
    if (server.trusted()) {
        if (const auto nonce = client.take_nonce_to_store()) nonces.client_nonce(*nonce);
    }
    if (const auto nonce = server.take_nonce_to_store()) nonces.server_nonce(*nonce);
}

}  // namespace steward::session
