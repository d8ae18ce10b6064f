#include "tests/support/network_manager.h"

#include <utility>

namespace steward::test {
namespace {

using platform::BusCall;
using platform::BusValue;
using platform::BusValues;

Result<BusValues> unknown_checkpoint(const BusCall& call) {
    return platform::bus_error(call, "org.freedesktop.NetworkManager.InvalidArguments", "checkpoint does not exist");
}

Result<BusValues> unknown_connection(const BusCall& call) {
    return platform::bus_error(call, "org.freedesktop.DBus.Error.UnknownObject", "No such object path");
}

// The settings with the secrets alone, or without them.
BusValue parted(const BusValue& settings, bool secrets) {
    BusValue::Entries groups;
    for (const auto& group : settings.keys()) {
        BusValue::Entries bare;
        for (const auto& name : settings.at(group)->keys()) {
            if ((name == "psk" || name == "password") != secrets) continue;
            bare.emplace_back(name, std::get<BusValues>(settings.at(group)->at(name)->held()).front());
        }
        groups.emplace_back(group, BusValue::variants(std::move(bare)));
    }
    return BusValue::dictionary("a{sv}", std::move(groups));
}

std::string uuid_of(const BusValue& settings) {
    return settings.at("connection")->at("uuid")->as_text().value_or("");
}

}  // namespace

std::string PlayedNetworkManager::add(const BusValue& settings) {
    auto path = "/org/freedesktop/NetworkManager/Settings/" + std::to_string(++next_);
    connections.insert_or_assign(path, settings);
    return path;
}

void PlayedNetworkManager::time_passes() {
    if (!checkpoints.empty()) connections = checkpoints.begin()->second;
    checkpoints.clear();
}

Result<BusValues> PlayedNetworkManager::property(const BusCall& call) {
    const auto name = call.arguments.at(1).as_text().value_or("");
    if (name == "ActiveConnections") {
        if (looks_left_-- <= 0) std::erase_if(in_use, [](const auto& each) { return each.second.ends; });
        BusValues paths;
        for (const auto& [path, use] : in_use) paths.push_back(BusValue::path(path));
        return BusValues{BusValue::variant(BusValue::array("o", std::move(paths)))};
    }
    const auto use = in_use.find(call.path);
    if (use == in_use.end()) return unknown_connection(call);
    if (name == "Connection") return BusValues{BusValue::variant(BusValue::path(use->second.connection))};
    return BusValues{BusValue::variant(BusValue::array("o", {BusValue::path("/device/1")}))};
}

void PlayedNetworkManager::end_uses(const std::string& connection) {
    for (auto& [path, use] : in_use) use.ends = use.ends || use.connection == connection;
    looks_left_ = looks_until_down;
}

PlayedNetworkManager::PlayedNetworkManager(ScriptedBus& bus) {
    bus.on("Get", [this](const BusCall& call) { return property(call); });
    bus.on("ActivateConnection", [this](const BusCall& call) {
        const auto connection = call.arguments.at(0).as_text().value_or("");
        end_uses(connection);
        auto path = "/active/" + std::to_string(++next_);
        in_use.emplace(path, Use{connection});
        return BusValues{BusValue::path(path)};
    });
    bus.on("ListConnections", [this](const BusCall&) {
        BusValues paths;
        for (const auto& [path, settings] : connections) paths.push_back(BusValue::path(path));
        return BusValues{BusValue::array("o", std::move(paths))};
    });
    bus.on("GetConnectionByUuid", [this](const BusCall& call) -> Result<BusValues> {
        for (const auto& [path, settings] : connections) {
            if (uuid_of(settings) == call.arguments.at(0).as_text()) return BusValues{BusValue::path(path)};
        }
        return platform::bus_error(call, "org.freedesktop.NetworkManager.Settings.InvalidConnection",
                                   "No connection with the UUID was found.");
    });
    const auto of_connection = [this](auto answer) {
        return [this, answer](const BusCall& call) -> Result<BusValues> {
            const auto found = connections.find(call.path);
            if (found == connections.end()) return unknown_connection(call);
            return answer(found, call);
        };
    };
    bus.on("GetSettings",
           of_connection([](auto found, const BusCall&) { return BusValues{parted(found->second, false)}; }));
    bus.on("GetSecrets", of_connection([](auto found, const BusCall& call) -> Result<BusValues> {
               auto secrets = parted(found->second, true);
               for (const auto& group : secrets.keys()) {
                   if (!secrets.at(group)->keys().empty()) return BusValues{std::move(secrets)};
               }
               return platform::bus_error(call, "org.freedesktop.NetworkManager.AgentManager.NoSecrets",
                                          "No agents were available for this request.");
           }));
    bus.on("Update2", of_connection([](auto found, const BusCall& call) {
               found->second = call.arguments.at(0);
               return BusValues{BusValue::variants({})};
           }));
    bus.on("Delete", of_connection([this](auto found, const BusCall&) {
               end_uses(found->first);
               connections.erase(found);
               return BusValues{};
           }));
    bus.on("AddConnection2", [this](const BusCall& call) {
        return BusValues{BusValue::path(add(call.arguments.at(0))), BusValue::variants({})};
    });
    bus.on_property("WirelessEnabled", BusValue::boolean(true));
    bus.on("Set", [&bus](const BusCall& call) {
        bus.on_property(call.arguments.at(1).as_text().value_or(""),
                        std::get<BusValues>(call.arguments.at(2).held()).front());
        return BusValues{};
    });
    bus.on("CheckpointCreate", [this](const BusCall&) {
        auto path = "/org/freedesktop/NetworkManager/Checkpoint/" + std::to_string(++next_);
        checkpoints.emplace(path, connections);
        return BusValues{BusValue::path(std::move(path))};
    });
    const auto of_checkpoint = [this](auto answer) {
        return [this, answer](const BusCall& call) -> Result<BusValues> {
            const auto found = checkpoints.find(call.arguments.at(0).as_text().value_or(""));
            if (found == checkpoints.end()) return unknown_checkpoint(call);
            return answer(found);
        };
    };
    bus.on("CheckpointAdjustRollbackTimeout", of_checkpoint([](auto) { return BusValues{}; }));
    bus.on("CheckpointDestroy", of_checkpoint([this](auto found) {
               checkpoints.erase(found);
               return BusValues{};
           }));
    bus.on("CheckpointRollback", of_checkpoint([this](auto found) {
               connections = found->second;
               checkpoints.erase(found);
               return BusValues{BusValue::dictionary("u", {})};
           }));
}

}  // namespace steward::test
