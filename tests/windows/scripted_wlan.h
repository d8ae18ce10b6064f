// A WLAN service in memory: it seals keys as Windows does, and the n-th call of it fails.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "platform/windows/wlan_calls.h"

namespace steward::test {

class ScriptedWlan final : public platform::WlanCalls {
  public:
    using Profiles = std::map<std::string, std::string>;  // name, document in clear
    std::map<std::string, Profiles> adapters;
    std::map<std::string, int> costs;
    bool service = true;
    int sets = 0;

    void fail(int nth) {
        nth_ = nth;
        made_ = 0;
    }
    bool failed() const { return nth_ > 0 && made_ >= nth_; }

    Result<std::vector<std::string>> interfaces() override {
        if (auto error = fails()) return *error;
        if (!service) return Error{Fault::unsupported, "No service.", ""};
        std::vector<std::string> names;
        for (const auto& entry : adapters) names.push_back(entry.first);
        return names;
    }
    Result<std::vector<std::string>> profiles(const std::string& adapter) override {
        if (auto error = fails()) return *error;
        std::vector<std::string> names;
        for (const auto& entry : adapters.at(adapter)) names.push_back(entry.first);
        return names;
    }
    Result<std::optional<std::string>> profile(const std::string& adapter, const std::string& name, Key key) override {
        if (auto error = fails()) return *error;
        const auto found = adapters.at(adapter).find(name);
        if (found == adapters.at(adapter).end()) return std::optional<std::string>();
        return std::optional(key == Key::told ? found->second : swapped(found->second, "false", "true"));
    }
    Outcome set(const std::string& adapter, const std::string& document) override {
        if (auto error = fails()) return *error;
        ++sets;
        adapters.at(adapter)[between(document, "<name>", "</name>")] = swapped(document, "true", "false");
        return {};
    }
    Outcome erase(const std::string& adapter, const std::string& name) override {
        if (auto error = fails()) return *error;
        adapters.at(adapter).erase(name);
        return {};
    }
    Result<std::optional<int>> cost(const std::string& adapter, const std::string& name) override {
        if (auto error = fails()) return *error;
        const auto found = costs.find(adapter + name);
        return std::optional(found == costs.end() ? 1 : found->second);
    }
    Outcome set_cost(const std::string& adapter, const std::string& name, int cost) override {
        if (auto error = fails()) return *error;
        costs[adapter + name] = cost;
        if (cost == 0) costs.erase(adapter + name);  // the default
        return {};
    }

    static std::string between(const std::string& text, const std::string& head, const std::string& tail) {
        const auto at = text.find(head);
        if (at == std::string::npos) return {};
        const auto begin = at + head.size();
        return text.substr(begin, text.find(tail, begin) - begin);
    }

  private:
    // Sealing is its own inverse here: the letters of the key in the other order.
    static std::string swapped(std::string document, const std::string& from, const std::string& to) {
        const std::string mark = "<protected>" + from + "</protected>";
        const auto at = document.find(mark);
        if (at == std::string::npos) return document;
        document.replace(at, mark.size(), "<protected>" + to + "</protected>");
        const auto key = between(document, "<keyMaterial>", "</keyMaterial>");
        document.replace(document.find("<keyMaterial>") + 13, key.size(), std::string(key.rbegin(), key.rend()));
        return document;
    }
    std::optional<Error> fails() {
        if (++made_ != nth_) return std::nullopt;
        return Error{Fault::io, "The service did not answer.", ""};
    }

    int nth_ = 0, made_ = 0;
};

}  // namespace steward::test
