// A D-Bus on which a test plays the services: it answers by member name, remembers the calls, and fails the n-th.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "platform/linux/bus.h"

namespace steward::test {

class ScriptedBus final : public platform::Bus {
  public:
    using Answer = std::function<Result<platform::BusValues>(const platform::BusCall&)>;

    // "AddConnection2"; a member of one interface only: "org.freedesktop.login1.Manager.Inhibit".
    void on(std::string member, Answer answer) { answers_.insert_or_assign(std::move(member), std::move(answer)); }
    void on(std::string member, platform::BusValues values) {
        on(std::move(member), [values = std::move(values)](const platform::BusCall&) { return values; });
    }
    void on_error(std::string member, std::string name, std::string message) {
        on(std::move(member), [name = std::move(name), message = std::move(message)](const platform::BusCall& call) {
            return Result<platform::BusValues>(platform::bus_error(call, name, message));
        });
    }
    // What Properties.Get answers for a name.
    void on_property(std::string name, platform::BusValue value) {
        properties.insert_or_assign(std::move(name), std::move(value));
    }

    Result<platform::BusValues> call(const platform::BusCall& call) override {
        calls.push_back(call);
        if (fail_at && calls.size() == *fail_at) return fail_with;
        if (call.member == "Get" && call.arguments.size() == 2) {
            const auto found = properties.find(call.arguments[1].as_text().value_or(""));
            if (found != properties.end()) return platform::BusValues{platform::BusValue::variant(found->second)};
        }
        auto found = answers_.find(call.interface + "." + call.member);
        if (found == answers_.end()) found = answers_.find(call.member);
        if (found == answers_.end())
            return platform::bus_error(call, "org.freedesktop.DBus.Error.UnknownMethod", "not in the script");
        return found->second(call);
    }
    std::vector<std::string> members() const {
        std::vector<std::string> names;
        for (const auto& call : calls) names.push_back(call.member);
        return names;
    }

    std::vector<platform::BusCall> calls;
    std::map<std::string, platform::BusValue> properties;
    std::optional<std::size_t> fail_at;  // counted from 1 over `calls`
    Error fail_with{Fault::timeout, "The service did not answer in time.", ""};

  private:
    std::map<std::string, Answer> answers_;
};

}  // namespace steward::test
