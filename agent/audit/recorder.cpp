#include "agent/audit/recorder.h"

#include <algorithm>
#include <string>

#include "agent/tree/access.h"

namespace steward::audit {
namespace {

// An Error's evidence may quote a value; its sentence never does where the node is secret, and is bounded here.
std::string outcome_of(const tree::Answer& answer) {
    constexpr std::size_t longest = 400;
    switch (answer.state) {
        case tree::Answer::State::done:
            return "done";
        case tree::Answer::State::pending:
            return "accepted";
        case tree::Answer::State::failed:
            return "failed: " + answer.error.what.substr(0, longest);
        case tree::Answer::State::undone:
            return "undone";
        case tree::Answer::State::not_undone:
            return "could not be undone: " + answer.error.what.substr(0, longest);
        case tree::Answer::State::not_run:
            return "not run";
        case tree::Answer::State::leaving:
            return "done: the enrolment ends";
    }
    return "";
}

}  // namespace

void Recorder::note(const tree::Context& context, std::span<const tree::Operation> operations,
                    std::span<const tree::Answer> answers) {
    constexpr std::size_t longest_uri = 1024;
    std::vector<Entry> entries;
    for (std::size_t i = 0; i < std::min(operations.size(), answers.size()); ++i) {
        const auto& operation = operations[i];
        if (operation.verb == tree::Verb::get) continue;
        Entry entry;
        entry.kind = "command";
        entry.authority = context.authority;
        entry.session = context.session_id;
        entry.subject = std::string(tree::name_of(operation.verb)) + " " + operation.uri.substr(0, longest_uri);
        entry.outcome = outcome_of(answers[i]);
        entries.push_back(std::move(entry));
    }
    if (auto kept = log_.append(std::move(entries)); !kept && failure_.ok()) failure_ = std::move(kept);
}

std::vector<tree::Answer> Recorder::run(const tree::Context& context, std::span<const tree::Operation> operations) {
    auto answers = tree_.run(context, operations);
    note(context, operations, answers);
    return answers;
}

std::vector<tree::Answer> Recorder::run_atomic(const tree::Context& context,
                                               std::span<const tree::Operation> operations) {
    auto answers = tree_.run_atomic(context, operations);
    note(context, operations, answers);
    return answers;
}

}  // namespace steward::audit
