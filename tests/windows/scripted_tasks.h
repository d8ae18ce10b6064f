// The task scheduler in memory, of which the n-th call fails.
#pragma once

#include <map>
#include <string>

#include "platform/windows/tasks.h"

namespace steward::test {

struct ScriptedTasks final : platform::Tasks {
    std::map<std::string, std::string> documents;
    int puts = 0, fail_at = 0, calls = 0;
    bool forgets = false;

    bool fails() { return ++calls == fail_at; }
    Result<std::optional<std::string>> find(const std::string& name) override {
        if (fails()) return Error{Fault::io, "It did not answer.", ""};
        const auto found = documents.find(name);
        return found == documents.end() ? std::optional<std::string>() : std::optional(found->second);
    }
    Outcome put(const std::string& name, const std::string& document) override {
        if (fails()) return Error{Fault::io, "It did not answer.", ""};
        ++puts;
        if (!forgets) documents[name] = document;
        return {};
    }
    Outcome erase(const std::string& name) override {
        if (fails()) return Error{Fault::io, "It did not answer.", ""};
        documents.erase(name);
        return {};
    }
};

}  // namespace steward::test
