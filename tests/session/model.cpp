#include "tests/session/model.h"

#include <utility>

namespace steward::session {
namespace {

using tree::Answer;
using tree::Operation;
using tree::Verb;

Answer failed(Fault fault) {
    Answer answer;
    answer.state = Answer::State::failed;
    answer.error = {fault, "The model says no.", {}};
    return answer;
}

bool ends(std::string_view uri, std::string_view name) {
    return uri.substr(uri.rfind('/') + 1) == name;
}

}  // namespace

std::vector<Answer> Model::run(const tree::Context& who, std::span<const Operation> asked) {
    remember(who, asked);
    calls.push_back(asked.size());
    std::vector<Answer> answers;
    answers.reserve(asked.size());
    for (const Operation& operation : asked) answers.push_back(apply(operation));
    return answers;
}

std::vector<Answer> Model::run_atomic(const tree::Context& who, std::span<const Operation> asked) {
    remember(who, asked);
    atomic_calls.push_back(asked.size());
    const auto before = nodes;
    std::vector<Answer> answers(asked.size());
    for (Answer& answer : answers) answer.state = Answer::State::not_run;
    for (std::size_t i = 0; i < asked.size(); ++i) {
        answers[i] = apply(asked[i]);
        if (answers[i].state != Answer::State::failed) continue;
        for (std::size_t k = 0; k < i; ++k) {
            answers[k].state = undo_fails ? Answer::State::not_undone : Answer::State::undone;
            if (undo_fails) answers[k].error = {Fault::io, "The model cannot go back.", {}};
        }
        if (!undo_fails) nodes = before;
        break;
    }
    return answers;
}

Answer Model::apply(const Operation& operation) {
    const std::string& uri = operation.uri;
    if (ends(uri, "secret")) return failed(Fault::denied);
    const bool exists = nodes.contains(uri);
    switch (operation.verb) {
        case Verb::get:
            return get(operation);
        case Verb::add:
            if (exists) return failed(Fault::exists);
            [[fallthrough]];
        case Verb::replace: {
            if (ends(uri, "full")) return failed(Fault::full);
            if (ends(uri, "fixed") && operation.verb == Verb::replace) return failed(Fault::refused);
            Node& node = nodes[uri];
            node.data = operation.data.value_or(std::string());
            node.format = csp::format_named(operation.format).value_or(csp::Format::chr);
            break;
        }
        case Verb::erase:
            if (!exists) return failed(Fault::not_found);
            if (ends(uri, "fixed")) return failed(Fault::refused);
            nodes.erase(uri);
            break;
        case Verb::exec:
            if (!exists) return failed(Fault::not_found);
            break;
        case Verb::copy:
            return failed(Fault::unsupported);
    }
    Answer answer;
    if (ends(uri, "slow")) answer.state = Answer::State::pending;
    return answer;
}

Answer Model::get(const Operation& operation) const {
    const auto node = nodes.find(operation.uri);
    if (node == nodes.end()) return failed(Fault::not_found);
    Answer answer;
    answer.found.push_back({operation.uri, node->second.format, "text/plain", node->second.data});
    return answer;
}

void Model::remember(const tree::Context& who, std::span<const Operation> asked) {
    context = who;
    for (const Operation& operation : asked) {
        Operation& seen = operations.emplace_back(operation);
        if (seen.data && seen.data->size() > 1'000) seen.data.reset();
    }
}

}  // namespace steward::session
