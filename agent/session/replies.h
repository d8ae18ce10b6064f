// What one server message is answered with, before it is packed into messages of ours.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/session/status.h"
#include "agent/syncml/elements.h"
#include "agent/syncml/message.h"
#include "agent/tree/operation.h"

namespace steward::session {

struct StatusLine {
    const syncml::Command* command = nullptr;  // what it answers
    const std::string* target = nullptr;       // TargetRef, when this Status speaks of one Item
    Status code = Status::done;
    std::optional<Fault> fault;      // for msft:originalerror
    bool silent = false;             // not sent: NoResp, or one Status speaks for all Items
    std::size_t together = 1;        // this line and the next together-1 must stand in one message
    std::vector<std::string> texts;  // Items: what a person entered or chose

    std::string_view cmd() const {  // the name of the command
        if (command->name == syncml::Name::unknown) return command->get().element;
        return syncml::name_of(syncml::tag_of(command->name));
    }
};

// What one Item of a Get found. Lines of the same command go into one Results.
struct ResultsLine {
    const syncml::Command* command = nullptr;
    const std::string* target = nullptr;
    Few<tree::Found>* found = nullptr;  // at least one
};

// Lines point into the message: it must neither move nor change while they stand.
struct Replies {
    explicit Replies(syncml::Message answered) : message(std::move(answered)) {}
    Replies(const Replies&) = delete;
    Replies& operator=(const Replies&) = delete;

    syncml::Message message;
    std::vector<StatusLine> statuses;  // in the order of the commands
    std::vector<ResultsLine> results;
    std::deque<std::vector<tree::Answer>> answers;  // what the results point to
};

}  // namespace steward::session
