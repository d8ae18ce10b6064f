// Atomic: all children are checked before the first runs, and all apply or none. Source: OMA DM Representation
// Protocol 1.2 (Atomic), MS-MDM 3.1.5.1.3, protocol sheet 2.10.
#include <string_view>
#include <unordered_map>
#include <utility>

#include "agent/session/commands.h"

namespace steward::session {

using syncml::Command;
using syncml::Item;
using syncml::Name;

struct Commands::Transaction {
    struct Group {  // a Sequence inside: its own line and the first line behind its children
        std::size_t line, end;
    };
    std::size_t first = 0;  // line of the Atomic itself
    std::vector<Slot> slots;
    std::vector<Group> groups;
    std::vector<std::pair<std::size_t, const Command*>> questions;
    std::vector<bool> answered;  // by line after first: has a code of its own, whatever happens to the others
    std::unordered_map<std::string_view, Name> changes;
    bool illegal = false;
};

namespace {

bool clash(Name a, Name b) {
    return (a == Name::add && b == Name::replace) || (a == Name::replace && b == Name::add);
}

}  // namespace

void Commands::atomic(Command& command, bool silent) {
    flush();
    interrupt();
    Transaction transaction;
    transaction.first = replies_->statuses.size();
    add_line(command, silent);
    for (Command& child : command.children) gather(transaction, child, silent);

    auto& lines = replies_->statuses;
    StatusLine& container = lines[transaction.first];
    container.together = lines.size() - transaction.first;
    transaction.answered.resize(container.together);
    const bool fits = !too_large(transaction);
    if (!transaction.illegal && fits && agreed(transaction)) {
        execute(transaction);
        return;
    }
    container.code = transaction.illegal || fits ? Status::atomic_failed : Status::atomic_too_large;
    for (std::size_t i = 1; i < container.together; ++i) {
        if (!transaction.answered[i]) lines[transaction.first + i].code = Status::not_executed;
    }
    if (!fits) container.together = 1;
}

// Children without CmdID are taken: servers in use send them (interop A3).
void Commands::gather(Transaction& transaction, Command& child, bool silent) {
    silent = silent || child.no_resp;
    const auto refuse = [&](Fault fault, Status code) {
        StatusLine& line = add_line(child, silent);
        fail(line, fault);
        line.code = code;
        transaction.answered.resize(replies_->statuses.size() - transaction.first);
        transaction.answered.back() = true;
        transaction.illegal = true;
    };
    switch (child.name) {
        case Name::status:
        case Name::results:
            transaction.illegal = true;
            return;  // they get no Status, the Atomic says it
        case Name::unknown:
            return refuse(Fault::malformed, Status::malformed);
        case Name::atomic:
            refuse(Fault::unsupported, Status::failed);
            for (const Command& inner : child.children) add_lines(*replies_, inner, silent, Status::not_executed);
            return;
        case Name::get:
            if (child.items.empty()) return refuse(Fault::unsupported, Status::failed);
            for (const Item& item : child.items) {
                refuse(Fault::unsupported, Status::failed);
                replies_->statuses.back().target = &item.target;
            }
            return;
        case Name::sequence: {
            const std::size_t group = transaction.groups.size();
            add_line(child, silent);
            transaction.groups.push_back({last_line(), 0});
            for (Command& inner : child.children) gather(transaction, inner, silent);
            transaction.groups[group].end = replies_->statuses.size();
            return;
        }
        case Name::alert:
            if (!asks_user(alert_code(child)) || !prompt_) return refuse(Fault::unsupported, Status::unsupported);
            add_line(child, silent);
            transaction.questions.emplace_back(last_line(), &child);
            return;
        case Name::add:
        case Name::copy:
        case Name::erase:
        case Name::exec:
        case Name::replace:
            if (child.items.empty()) return refuse(Fault::incomplete, Status::incomplete);
            return gather_items(transaction, child, silent);
        default:
            return refuse(Fault::unsupported, Status::unsupported);
    }
}

void Commands::gather_items(Transaction& transaction, Command& child, bool silent) {
    for (Item& item : child.items) {
        StatusLine& line = add_line(child, silent, child.items.size() > 1 ? &item.target : nullptr);
        const auto [known, first] = transaction.changes.try_emplace(item.target, child.name);
        // Windows supports no Add and Replace of one node in one Atomic, and an object in pieces cannot be part of one.
        const bool clashes = !first && clash(known->second, child.name);
        if (clashes || item.more_data) {
            fail(line, clashes ? Fault::unsupported : Fault::malformed);
            if (clashes) line.code = Status::failed;
            transaction.answered.resize(replies_->statuses.size() - transaction.first);
            transaction.answered.back() = true;
            transaction.illegal = true;
        }
        transaction.slots.push_back({last_line(), &child, &item});
    }
}

// The answers of an Atomic stand in one message. Whether they can is known before it runs: what cannot be reported
// need not be undone.
bool Commands::too_large(const Transaction& transaction) const {
    std::size_t size = 0;
    for (std::size_t i = transaction.first; i < replies_->statuses.size(); ++i) {
        size += status_bound(replies_->statuses[i], replies_->message.header.msg_id, encoding_, peer_.original_errors);
    }
    return size > peer_.message_room;
}

// Asks a person what is to be asked before anything is changed; the first "no" fails the Atomic.
bool Commands::agreed(Transaction& transaction) {
    for (const auto& [at, command] : transaction.questions) {
        StatusLine& line = replies_->statuses[at];
        line.code = ask(*command, line);
        transaction.answered[at - transaction.first] = true;
        if (line.code != Status::done) return false;
    }
    return true;
}

void Commands::execute(Transaction& transaction) {
    auto& lines = replies_->statuses;
    std::vector<tree::Operation> operations;
    operations.reserve(transaction.slots.size());
    transaction.changes.clear();  // its keys look into the items that move now
    for (const Slot& slot : transaction.slots) fill(slot, operations.emplace_back());
    std::vector<tree::Answer> answers;
    if (!operations.empty()) answers = tree_.run_atomic(context_, operations);
    answers.resize(operations.size(), tree::Answer{tree::Answer::State::failed, {Fault::bug, {}, {}}, {}});
    bool failed = false;
    for (std::size_t i = 0; i < operations.size(); ++i) {
        const auto state = answers[i].state;
        failed = failed || (state != tree::Answer::State::done && state != tree::Answer::State::pending);
        settle(transaction.slots[i], operations[i], answers[i]);
    }
    if (!failed) return;
    lines[transaction.first].code = Status::atomic_failed;
    // Inner Sequences stand behind the outer ones: from the end, each finds its children decided.
    for (auto group = transaction.groups.rbegin(); group != transaction.groups.rend(); ++group) {
        const auto [at, end] = *group;
        Status code = Status::not_executed;
        for (std::size_t i = at + 1; i < end && code != Status::not_rolled_back; ++i) {
            if (lines[i].code != Status::not_executed) code = Status::rolled_back;
            if (lines[i].code == Status::not_rolled_back) code = Status::not_rolled_back;
        }
        lines[at].code = code;
    }
}

}  // namespace steward::session
