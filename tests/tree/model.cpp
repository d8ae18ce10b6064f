// Random commands on our tree and on a model that anyone can check by eye must come to the same.
#include <gtest/gtest.h>

#include <random>

#include "tests/tree/device.h"

namespace steward::tree {
namespace {

using State = Answer::State;

// Leaves below one own() instance and one record field, by the rules of the protocol sheet 2.3 to 2.6.
struct Model {
    std::map<std::string, std::string> leaves;

    bool apply(const Operation& operation) {
        const bool there = leaves.contains(operation.uri);
        switch (operation.verb) {
            case Verb::add:
                if (there || !valid(operation)) return false;
                leaves[operation.uri] = *operation.data;
                return true;
            case Verb::replace:
                if (!valid(operation)) return false;
                leaves[operation.uri] = *operation.data;
                return true;
            case Verb::erase: {
                const auto gone = std::erase_if(leaves, [&](const auto& leaf) {
                    return leaf.first == operation.uri || leaf.first.starts_with(operation.uri + "/");
                });
                return gone > 0;
            }
            default:
                return there;
        }
    }
    static bool valid(const Operation& operation) {
        if (!operation.uri.ends_with("/Port") && !operation.uri.ends_with("/Length")) return true;
        return *operation.data != "bad";
    }
};

TEST(Model, RandomCommandsComeToTheSame) {
    const std::vector<std::string> uris = {"./Vendor2/Account/a/Name", "./Vendor2/Account/a/Port",
                                           "./Vendor2/Account/b/Name", "./Vendor2/Title", lock_uri + "Length"};
    std::mt19937 random(7);
    for (int round = 0; round < 300; ++round) {
        Device device;
        Model model;
        for (int batch = 0; batch < 4; ++batch) {
            std::vector<Operation> operations;
            for (unsigned i = 0; i < 1 + random() % 8; ++i) {
                Operation operation;
                operation.verb = std::array{Verb::add, Verb::replace, Verb::erase, Verb::get}[random() % 4];
                operation.uri = uris[random() % uris.size()];
                if (operation.verb == Verb::erase && random() % 4 == 0) operation.uri = "./Vendor2/Account/a";
                operation.data = random() % 5 == 0 ? "bad" : std::to_string(4 + random() % 12);
                operations.push_back(std::move(operation));
            }
            const bool atomic = random() % 3 == 0;
            if (atomic) {
                std::erase_if(operations, [](const auto& each) { return each.verb == Verb::get; });
                std::set<std::string>
                    seen;  // Add and Replace of one node are refused in an Atomic: not the model's subject
                std::erase_if(operations, [&](const auto& each) { return !seen.insert(each.uri).second; });
                const auto before = model.leaves;
                const auto answers = device.atomic(operations);
                std::size_t failed = operations.size();
                for (std::size_t i = 0; i < operations.size() && failed == operations.size(); ++i) {
                    if (!model.apply(operations[i])) failed = i;
                }
                if (failed < operations.size()) model.leaves = before;
                for (std::size_t i = 0; i < operations.size(); ++i) {
                    const auto expected = failed == operations.size() ? State::done
                                          : i < failed                ? State::undone
                                          : i == failed               ? State::failed
                                                                      : State::not_run;
                    ASSERT_EQ(answers[i].state, expected) << "round " << round << " " << operations[i].uri;
                }
            } else {
                const auto answers = device.run(operations);
                for (std::size_t i = 0; i < operations.size(); ++i) {
                    ASSERT_EQ(answers[i].state == State::done, model.apply(operations[i]))
                        << "round " << round << " " << name_of(operations[i].verb) << " " << operations[i].uri;
                }
            }
            for (const auto& uri : uris) {
                const auto found = model.leaves.find(uri);
                const auto answer = device.get(uri);
                ASSERT_EQ(answer.state == State::done, found != model.leaves.end()) << uri;
                if (found == model.leaves.end()) continue;
                ASSERT_EQ(answer.found.front().data, found->second) << uri;
            }
            const auto length = model.leaves.find(lock_uri + "Length");
            ASSERT_EQ(device.lock.managed.length.has_value(), length != model.leaves.end());
        }
    }
}

}  // namespace
}  // namespace steward::tree
