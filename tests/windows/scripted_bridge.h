// The classes of Windows' management bridge, played: instances come and go as its documentation says, and what is in
// force is told by the Result classes.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "platform/windows/bridge_calls.h"

namespace steward::test {

class ScriptedBridge final : public platform::BridgeCalls {
  public:
    using Kind = platform::BridgeLeaf::Kind;

    std::vector<platform::BridgeClass> known;
    std::map<std::string, platform::WmiObject> rows;  // one instance of a class at most
    std::optional<Error> trouble;                     // what every call answers
    std::optional<Error> next_put;                    // what the next one answers; it has done nothing
    int listed = 0, puts = 0, erased = 0;

    ScriptedBridge() {
        const std::vector<platform::BridgeLeaf> camera{{"AllowCamera", Kind::number}};
        const std::vector<platform::BridgeLeaf> system{
            {"AllowTelemetry", Kind::number}, {"DisableSystemRestore", Kind::text}, {"TelemetryProxy", Kind::text}};
        const std::vector<platform::BridgeLeaf> profile{{"EnableFirewall", Kind::flag, true},
                                                        {"DefaultInboundAction", Kind::number, true},
                                                        {"LogFilePath", Kind::text, true}};
        known = {{"MDM_Policy_Config01_Camera02", camera},
                 {"MDM_Policy_Result01_Camera02", camera},
                 {"MDM_Policy_Config01_System02", system},
                 {"MDM_Policy_Result01_System02", system},
                 {"MDM_Firewall_DomainProfile02", profile},
                 {"MDM_AssignedAccess", {{"Configuration", Kind::text, true}, {"Status", Kind::text}}},
                 {"MDM_VPNv2_01", {{"ProfileXML", Kind::text, true}}},
                 {"MDM_BridgeMgmt_Transaction", {}}};
        rows["MDM_AssignedAccess"] = {{"ParentID", std::string("./Vendor/MSFT")},
                                      {"InstanceID", std::string("AssignedAccess")},
                                      {"Status", std::string("none")}};
    }

    Result<std::vector<platform::BridgeClass>> classes() override {
        ++listed;
        if (trouble) return *trouble;
        return known;
    }

    Result<std::vector<platform::WmiObject>> instances(const std::string& name) override {
        if (trouble) return *trouble;
        std::vector<platform::WmiObject> found;
        const auto row = rows.find(source_of(name));
        if (row == rows.end()) return found;
        found.push_back(row->second);
        found.back()["__RELPATH"] = path_of(name);
        return found;
    }

    Outcome put(const std::string& name, const platform::WmiObject& properties) override {
        if (trouble) return *trouble;
        if (next_put) return *std::exchange(next_put, std::nullopt);
        ++puts;
        auto& row = rows[name];
        for (const auto& [property, value] : properties) {
            if (std::holds_alternative<std::monostate>(value)) {
                row.erase(property);
            } else {
                row[property] = value;
            }
        }
        return {};
    }

    Outcome erase(const std::string& path) override {
        if (trouble) return *trouble;
        for (auto row = rows.begin(); row != rows.end(); ++row) {
            if (path_of(row->first) != path) continue;
            rows.erase(row);
            ++erased;
            return {};
        }
        return Error{Fault::not_found, "There is no such instance.", path};
    }

  private:
    static std::string path_of(const std::string& name) { return name + ".InstanceID=\"x\",ParentID=\"y\""; }
    static std::string source_of(std::string name) {
        const auto at = name.find("_Result01_");
        return at == std::string::npos ? name : name.replace(at, 10, "_Config01_");
    }
};

}  // namespace steward::test
