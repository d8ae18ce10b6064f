#include "tests/server/service.h"

#include <algorithm>

#include "agent/syncml/encoding.h"
#include "agent/syncml/read.h"
#include "platform/base/text.h"
#include "tests/server/messages.h"

namespace steward::server {
namespace {

constexpr std::chrono::milliseconds linger{1000};  // for a message after the last one, which would be a failure

// "/a/ATO-02?mode=x" -> "ATO-02"
std::string last_part(std::string_view target) {
    target = target.substr(0, target.find('?'));
    return std::string(target.substr(target.rfind('/') + 1));
}

}  // namespace

Service::Service(Programme programme, Trace& trace, std::chrono::seconds idle, Queue& queue,
                 std::optional<Enrolled> enrolled)
    : programme_(std::move(programme)), trace_(trace), idle_(idle), queue_(queue), enrolled_(std::move(enrolled)) {}

std::shared_ptr<const transcript::Transcript> Service::choose(const std::string& device, const std::string& path) {
    for (const auto& script : programme_.scripts) {
        if (script->id == path) return script;
    }
    const std::size_t begun = cursors_[device]++;
    if (!programme_.first) return programme_.scripts[begun % programme_.scripts.size()];
    return begun == 0 ? programme_.first : programme_.scripts[(begun - 1) % programme_.scripts.size()];
}

std::string Service::key_for(const std::string& device, const std::string& path) const {
    const bool by_path = std::any_of(programme_.scripts.begin(), programme_.scripts.end(),
                                     [&](const auto& script) { return script->id == path; });
    return device + '\n' + (by_path ? path : std::string());
}

// What the message belongs to; nullptr: something that begins with it.
const Service::Active* Service::going_on(const std::string& key, bool begins) const {
    const auto found = active_.find(key);
    if (found == active_.end()) return nullptr;
    const bool last = found->second.player->sessions() >= found->second.script->sessions.size();
    return begins && last ? nullptr : &found->second;
}

Service::Active& Service::active_for(const std::string& device, const std::string& path, bool begins, bool leaving,
                                     const std::optional<Trusted>& who) {
    const auto key = key_for(device, path);
    if (going_on(key, begins) != nullptr) return active_.at(key);
    if (active_.contains(key)) retire(key);
    auto& made = active_[key];
    made.script = choose(device, path);
    made.device = device;
    made.trusted = who;
    const auto manner = programme_.manners.find(made.script->id);
    if (made.script->id != path) prepare(made, leaving);
    if (who) made.script = std::make_shared<const transcript::Transcript>(with_proofs(*made.script, *enrolled_, *who));
    made.player = std::make_unique<transcript::Player>(
        made.script, manner == programme_.manners.end() ? programme_.usual : manner->second);
    return made;
}

// What waits for the device stands in front of the script; who takes leave is given nothing more to do.
void Service::prepare(Active& active, bool leaving) {
    std::vector<transcript::Exchange> first;
    const auto say = [&](std::string text) {
        transcript::Exchange exchange;
        exchange.answer.emplace().text = std::move(text);
        first.push_back(std::move(exchange));
    };
    if (leaving) return;
    if (active.trusted && !enrolled_->push_name.empty()) {
        say(push_commands(active.trusted->device, enrolled_->push_name));
    }
    for (const auto& order : queue_.take(active.device)) say(bare_xml(order.commands));
    if (first.empty()) return;
    auto script = *active.script;
    auto& exchanges = script.sessions.front().exchanges;
    exchanges.insert(exchanges.begin(), std::make_move_iterator(first.begin()), std::make_move_iterator(first.end()));
    active.script = std::make_shared<const transcript::Transcript>(std::move(script));
}

// What the device and we told each other that must be remembered after the session.
void Service::learn(Active& active) {
    const auto& said = active.player->said();
    const auto& heard = active.player->heard();
    const auto* verdict = said ? header_status_of(*said) : nullptr;
    if (active.trusted && verdict != nullptr) {
        const auto nonce = next_nonce_of(*verdict);
        if (nonce) enrolled_->registry.client_nonce(active.device, *nonce);
    }
    const bool refused = verdict != nullptr && !verdict->data.starts_with('2');
    if (!heard || refused) return;
    if (active.player->sessions() > active.accepted) {
        active.accepted = active.player->sessions();
        queue_.session_accepted(active.device);
        if (active.trusted) enrolled_->registry.began_session(active.device, enrolled_->clock.now());
    }
    queue_.heard(active.device, heard->commands);
    if (!active.trusted) return;
    const auto* status = header_status_of(*heard);
    const auto nonce = status == nullptr ? std::nullopt : next_nonce_of(*status);
    if (nonce) enrolled_->registry.server_nonce(active.device, *nonce);
    if (takes_leave(*heard)) {
        enrolled_->registry.left(active.device, enrolled_->clock.now());
        trace_.note("the device " + active.device + " has left");
    }
    if (const auto channel = push_channel_in(*heard)) enrolled_->registry.channel(active.device, *channel);
}

Service::Answer Service::answer(const Request& request, const Peer& peer, int connection, const std::string& scheme) {
    if (request.method != "POST") {
        Response refusal{405, "text/plain", {{"Allow", "POST"}}, "OMA-DM messages are sent with POST.\n", {}, 0};
        return {std::move(refusal), {}};
    }
    const auto content_type = request.header("Content-Type");
    const auto encoding = syncml::encoding_of(content_type);
    std::string device = "unknown";
    bool legible = false, begins = true, leaving = false;
    if (encoding) {
        if (const auto message = syncml::read(*encoding, request.body)) {
            legible = true;
            device = message->header.source.uri;
            begins = message->header.msg_id == "1";
            leaving = takes_leave(*message);
        }
    }
    const std::lock_guard lock(mutex_);
    const auto path = last_part(request.target);
    std::optional<Trusted> who;
    if (enrolled_ && !legible) {  // nobody whom we could look up
        return {{encoding ? 400 : 415, "text/plain", {}, "The request is no SyncML message.\n", {}, 0}, {}};
    }
    if (enrolled_) {
        const auto* active = going_on(key_for(device, path), begins);
        auto judged = trusted(*enrolled_, device, peer, active == nullptr ? std::nullopt : active->trusted);
        if (!judged) {
            trace_.note(judged.error().what);
            return {{403, "text/plain", {}, judged.error().what + '\n', {}, 0}, {}};
        }
        who = std::move(*judged);
    }
    auto& active = active_for(device, path, begins, leaving, who);
    active.connection = connection;
    active.touched = std::chrono::steady_clock::now();
    auto reply = active.player->answer({content_type, request.body, request.header("x-syncml-hmac"),
                                        scheme + "://" + request.header("Host") + request.target, request.headers});
    active.touched += reply.delay;  // the answer is still to come, and the session is not over before it
    trace_.exchange(device, active.script->id, *active.player, request.body, reply);
    report(active);
    learn(active);

    Answer made;
    made.delay = reply.delay;
    made.response.status = reply.http_status;
    made.response.content_type = std::move(reply.content_type);
    made.response.headers = std::move(reply.headers);
    if (!reply.hmac.empty()) made.response.headers.emplace_back("x-syncml-hmac", std::move(reply.hmac));
    made.response.body = std::move(reply.body);
    made.response.cut = reply.cut;
    made.response.length_error = reply.length_error;
    return made;
}

void Service::report(Active& active) {
    const auto& findings = active.player->findings();
    for (; active.reported < findings.size(); ++active.reported) trace_.finding(findings[active.reported]);
}

void Service::retire(const std::string& key) {
    auto found = active_.find(key);
    auto& active = found->second;
    active.player->end_session();
    queue_.session_over(active.device);
    report(active);
    Played played{active.device,
                  active.script->id,
                  active.script->title,
                  active.player->sessions(),
                  active.player->findings(),
                  active.player->passed()};
    trace_.verdict(played.device, played.id, played.passed);
    sessions_ += played.sessions;
    played_.push_back(std::move(played));
    active_.erase(found);
}

void Service::closed(int connection) {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> over;
    for (const auto& [key, active] : active_) {
        if (active.connection == connection && active.player->finished()) over.push_back(key);
    }
    for (const auto& key : over) retire(key);
}

void Service::refused(const Error& error) {
    trace_.note(error.what + (error.evidence.empty() ? "" : " (" + error.evidence + ')'));
}

void Service::tidy(std::chrono::steady_clock::time_point now) {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> over;
    for (const auto& [key, active] : active_) {
        const auto quiet = now - active.touched;
        if (quiet > idle_ || (active.player->finished() && quiet > linger)) over.push_back(key);
    }
    for (const auto& key : over) retire(key);
}

void Service::finish() {
    const std::lock_guard lock(mutex_);
    while (!active_.empty()) retire(active_.begin()->first);
}

std::size_t Service::sessions() const {
    const std::lock_guard lock(mutex_);
    return sessions_;
}

std::vector<Played> Service::played() const {
    const std::lock_guard lock(mutex_);
    return played_;
}

}  // namespace steward::server
