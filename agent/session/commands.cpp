#include "agent/session/commands.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "agent/syncml/write.h"

namespace steward::session {

using syncml::Command;
using syncml::Item;
using syncml::Name;

namespace {

bool same_outcome(const StatusLine& a, const StatusLine& b) {
    return a.code == b.code && a.fault == b.fault && a.texts.empty() && b.texts.empty();
}

}  // namespace

std::optional<tree::Verb> verb_of(Name name) {
    switch (name) {
        case Name::add:
            return tree::Verb::add;
        case Name::copy:
            return tree::Verb::copy;
        case Name::erase:
            return tree::Verb::erase;
        case Name::exec:
            return tree::Verb::exec;
        case Name::get:
            return tree::Verb::get;
        case Name::replace:
            return tree::Verb::replace;
        default:
            return std::nullopt;
    }
}

std::size_t status_bound(const StatusLine& line, const std::string& msg_ref, syncml::Encoding encoding,
                         bool original_errors) {
    constexpr std::size_t frame = 98;  // the tags of a Status, a CmdID of five digits, the code
    constexpr std::size_t error = sizeof(" msft:originalerror=\"0x80070057\"") - 1;
    constexpr std::size_t target_ref = sizeof("<TargetRef></TargetRef>") - 1;
    constexpr std::size_t item = sizeof("<Item><Data></Data></Item>") - 1;
    const Command& command = *line.command;
    std::size_t size = frame + syncml::encoded_size(encoding, line.cmd()) + syncml::encoded_size(encoding, msg_ref) +
                       syncml::encoded_size(encoding, command.cmd_id) + (original_errors ? error : 0);
    if (line.target != nullptr) size += target_ref + syncml::encoded_size(encoding, *line.target);
    for (const auto& text : line.texts) size += item + syncml::encoded_size(encoding, text);
    return size;
}

void Commands::run(Replies& replies, const PeerLimits& peer, syncml::Encoding encoding) {
    replies_ = &replies;
    peer_ = peer;
    encoding_ = encoding;
    assembly_.begin_message();
    const bool silent = replies.message.header.no_resp;
    replies.statuses.reserve(replies.message.commands.size());
    slots_.reserve(replies.message.commands.size());
    for (Command& command : replies.message.commands) visit(command, silent);
    flush();
    if (!assembly_.touched() && replies.message.final) interrupt();
    merge_lines();
}

void Commands::refuse(Replies& replies, Status why) {
    for (const Command& command : replies.message.commands) add_lines(replies, command, false, why);
}

std::vector<std::string> Commands::take_interrupted() {
    return std::exchange(interrupted_, {});
}

// What a command does when it stands by itself or in a Sequence.
Commands::Next Commands::visit(Command& command, bool silent) {
    silent = silent || command.no_resp;
    if (command.name == Name::status || command.name == Name::results) return Next::go_on;
    if (command.cmd_id.empty()) {
        const std::size_t first = replies_->statuses.size();
        add_lines(*replies_, command, silent, Status::not_executed);
        fail(replies_->statuses[first], Fault::malformed);
        return Next::go_on;
    }
    if (verb_of(command.name)) {
        items(command, silent);
        return Next::go_on;
    }
    switch (command.name) {
        case Name::alert:
            return alert(command, silent);
        case Name::atomic:
            atomic(command, silent);
            break;
        case Name::sequence:
            sequence(command, silent);
            break;
        case Name::unknown:
            fail(add_line(command, silent), Fault::malformed);
            break;
        default:
            fail(add_line(command, silent), Fault::unsupported);
            break;
    }
    return Next::go_on;
}

void Commands::items(Command& command, bool silent) {
    if (command.items.empty()) {
        StatusLine& line = add_line(command, silent);
        if (command.name != Name::get) fail(line, Fault::incomplete);
        return;
    }
    const bool by_item = command.name == Name::get || command.items.size() > 1;
    for (Item& item : command.items) {
        StatusLine& line = add_line(command, silent, by_item ? &item.target : nullptr);
        if (item.more_data && nesting_ > 0) {  // a Sequence stands in one message, whole
            fail(line, Fault::malformed);
            continue;
        }
        const bool piece = assembly_.concerns(command, item);
        if (!piece) interrupt();
        if (piece || item.more_data) {
            line.code = assembly_.take(command, item);
            if (line.code != Status::done) continue;
        }
        slots_.push_back({last_line(), &command, &item});
    }
}

// A child that fails does not stop the others; a person who says no does. Source: protocol sheet 2.11.
void Commands::sequence(Command& command, bool silent) {
    add_line(command, silent);
    ++nesting_;
    Next next = Next::go_on;
    for (Command& child : command.children) {
        if (next == Next::go_on) {
            next = visit(child, silent);
        } else {
            add_lines(*replies_, child, silent, Status::not_executed);
        }
    }
    --nesting_;
}

Commands::Next Commands::alert(const Command& command, bool silent) {
    const AlertCode code = alert_code(command);
    if (asks_user(code) && prompt_) {
        flush();  // what stands before the question must have happened when it is shown
        StatusLine& line = add_line(command, silent);
        line.code = ask(command, line);
        return line.code == Status::done || line.code == Status::incomplete ? Next::go_on : Next::skip_rest;
    }
    StatusLine& line = add_line(command, silent);
    if (code == AlertCode::no_end_of_data) {
        upload_refused_ = true;
    } else if (command.data.empty()) {
        fail(line, Fault::incomplete);
    } else if (code != AlertCode::next_message) {
        fail(line, Fault::unsupported);
    }
    return Next::go_on;
}

Status Commands::ask(const Command& command, StatusLine& line) {
    const auto prompt = prompt_of(command);
    if (!prompt) return Status::incomplete;
    PromptAnswer answer = prompt_(*prompt);
    if (answer.outcome == PromptAnswer::Outcome::accepted) line.texts = std::move(answer.texts);
    return status_of(answer.outcome);
}

void Commands::flush() {
    if (slots_.empty()) return;
    operations_.reserve(slots_.size());
    for (const Slot& slot : slots_) fill(slot, operations_.emplace_back());
    auto& answers = replies_->answers.emplace_back(tree_.run(context_, operations_));
    answers.resize(operations_.size(), tree::Answer{tree::Answer::State::failed, {Fault::bug, {}, {}}, {}});
    const auto found = std::count_if(answers.begin(), answers.end(), [](const auto& a) { return !a.found.empty(); });
    replies_->results.reserve(replies_->results.size() + static_cast<std::size_t>(found));
    for (std::size_t i = 0; i < slots_.size(); ++i) settle(slots_[i], operations_[i], answers[i]);
    slots_.clear();
    operations_.clear();
}

void Commands::fill(const Slot& slot, tree::Operation& operation) {
    operation.verb = *verb_of(slot.command->name);  // only operations get a slot
    operation.uri = std::move(slot.item->target);
    operation.source = std::move(slot.item->source);
    operation.format = std::move(slot.item->meta.format);
    operation.type = std::move(slot.item->meta.type);
    operation.data = std::move(slot.item->data);
}

void Commands::settle(const Slot& slot, tree::Operation& operation, tree::Answer& answer) {
    using State = tree::Answer::State;
    slot.item->target = std::move(operation.uri);  // the Status may speak of it
    operation.data.reset();
    StatusLine& line = replies_->statuses[slot.line];
    switch (answer.state) {
        case State::done:
            line.code = Status::done;
            break;
        case State::pending:
            line.code = Status::pending;
            break;
        case State::failed:
            fail(line, answer.error.fault);
            break;
        case State::undone:
            line.code = Status::rolled_back;
            break;
        case State::not_undone:
            fail(line, answer.error.fault);
            line.code = Status::not_rolled_back;
            break;
        case State::not_run:
            line.code = Status::not_executed;
            break;
        case State::leaving:
            leaving_ = true;
            break;
    }
    if (slot.command->name != Name::get || answer.state != State::done) return;
    const auto too_big = [&](const tree::Found& found) {
        return peer_.object != 0 && found.data && found.data->size() > peer_.object;
    };
    if (std::any_of(answer.found.begin(), answer.found.end(), too_big)) return fail(line, Fault::too_large);
    if (answer.found.empty()) return;
    replies_->results.push_back({slot.command, &slot.item->target, &answer.found});
}

StatusLine& Commands::add_line(const Command& command, bool silent, const std::string* target) {
    StatusLine& line = replies_->statuses.emplace_back();
    line.command = &command;
    line.target = target;
    line.silent = silent;
    return line;
}

void Commands::add_lines(Replies& replies, const Command& command, bool silent, Status code) {
    if (command.name == Name::status || command.name == Name::results) return;
    StatusLine& line = replies.statuses.emplace_back();
    line.command = &command;
    line.code = code;
    line.silent = silent || command.no_resp;
    const bool inherited = line.silent;
    for (const Command& child : command.children) add_lines(replies, child, inherited, code);
}

void Commands::fail(StatusLine& line, Fault fault) {
    line.code = session::status_of(fault);
    line.fault = fault;
}

// One Status speaks for all Items of a command that share their outcome; a Get is always answered Item by Item.
void Commands::merge_lines() {
    auto& lines = replies_->statuses;
    for (auto first = lines.begin(); first != lines.end();) {
        auto next = std::find_if(first, lines.end(), [&](const auto& l) { return l.command != first->command; });
        const bool shared = std::all_of(first, next, [&](const StatusLine& l) { return same_outcome(l, *first); });
        if (shared && first->command->name != Name::get && next - first > 1) {
            first->target = nullptr;
            std::for_each(first + 1, next, [](StatusLine& line) { line.silent = true; });
        }
        first = next;
    }
}

}  // namespace steward::session
