#include "platform/linux/network_manager.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

namespace steward::platform {
namespace {

const std::string settings_path = std::string(network_manager_path) + "/Settings";
const std::string settings_interface = std::string(network_manager_service) + ".Settings";
const std::string connection_interface = settings_interface + ".Connection";
const std::string active_interface = std::string(network_manager_service) + ".Connection.Active";

constexpr std::uint32_t to_disk = 0x1;
// Profiles that came after the checkpoint go, and devices that they brought up go down.
constexpr std::uint32_t delete_new_connections = 0x2, disconnect_new_devices = 0x4, allow_overlapping = 0x8;

// A network goes down within a second; a script of somebody's that runs then may take some more.
constexpr std::chrono::seconds longest_farewell{15};

Error unexpected(std::string_view member) {
    return {Fault::io, "NetworkManager answered something else than expected to " + std::string(member) + ".", {}};
}

// A checkpoint that has come back by itself is named as a wrong argument.
Outcome gone_if_unknown(Outcome answer) {
    if (answer || answer.error().evidence.find("InvalidArguments") == std::string::npos) return answer;
    Error error = std::move(answer).error();
    error.fault = Fault::not_found;
    return error;
}

Outcome without_value(Result<BusValues> answer) {
    if (!answer) return std::move(answer).error();
    return {};
}

}  // namespace

Result<BusValues> NetworkManager::call(std::string path, std::string interface, std::string member,
                                       BusValues arguments) {
    auto answer = bus_.call(
        {network_manager_service, std::move(path), std::move(interface), std::move(member), std::move(arguments)});
    if (answer) return answer;
    Error error = std::move(answer).error();
    if (error.fault == Fault::unsupported)
        error.what = "Wireless networks are set through NetworkManager, which this device lacks. " + error.what;
    return error;
}

Result<std::vector<std::string>> NetworkManager::connections() {
    auto answer = call(settings_path, settings_interface, "ListConnections", {});
    if (!answer) return std::move(answer).error();
    if (answer->size() != 1) return unexpected("ListConnections");
    return answer->front().as_texts();
}

Result<std::optional<std::string>> NetworkManager::find(std::string_view uuid) {
    auto answer = call(settings_path, settings_interface, "GetConnectionByUuid", {BusValue::text(std::string(uuid))});
    if (!answer) {
        // What there is no such connection is called depends on the version.
        if (answer.error().fault == Fault::not_found ||
            answer.error().evidence.find("InvalidConnection") != std::string::npos)
            return std::optional<std::string>();
        return std::move(answer).error();
    }
    const auto path = answer->size() == 1 ? answer->front().as_text() : std::nullopt;
    if (!path) return unexpected("GetConnectionByUuid");
    return path;
}

Result<BusValue> NetworkManager::settings(const std::string& connection) {
    auto answer = call(connection, connection_interface, "GetSettings", {});
    if (!answer) return std::move(answer).error();
    if (answer->size() != 1) return unexpected("GetSettings");
    return std::move(answer->front());
}

Result<BusValue> NetworkManager::secrets(const std::string& connection, std::string_view group) {
    auto answer = call(connection, connection_interface, "GetSecrets", {BusValue::text(std::string(group))});
    if (!answer) {
        // Where it keeps none it would ask a person's agent, and there may be nobody.
        if (answer.error().evidence.find("AgentManager.NoSecrets") != std::string::npos)
            return BusValue::dictionary("a{sv}", {});
        return std::move(answer).error();
    }
    if (answer->size() != 1) return unexpected("GetSecrets");
    return std::move(answer->front());
}

Outcome NetworkManager::add(const BusValue& settings) {
    return without_value(call(settings_path, settings_interface, "AddConnection2",
                              {settings, BusValue::uint32(to_disk), BusValue::variants({})}));
}

Outcome NetworkManager::update(const std::string& connection, const BusValue& settings) {
    return without_value(call(connection, connection_interface, "Update2",
                              {settings, BusValue::uint32(to_disk), BusValue::variants({})}));
}

Result<std::vector<std::string>> NetworkManager::active() {
    const auto in_use = get_property(bus_, {network_manager_service, network_manager_path, network_manager_service},
                                     "ActiveConnections");
    if (!in_use) return in_use.error();
    return in_use->as_texts();
}

Result<std::vector<NetworkManager::Use>> NetworkManager::uses(const std::string& connection) {
    const auto all = active();
    if (!all) return all.error();
    std::vector<Use> found;
    for (const auto& each : *all) {
        const BusObject use{network_manager_service, each, active_interface};
        const auto of = get_property(bus_, use, "Connection");
        if (!of && of.error().fault == Fault::not_found) continue;  // it has just gone down
        if (!of) return of.error();
        if (of->as_text() != connection) continue;
        const auto devices = get_property(bus_, use, "Devices");
        if (!devices) return devices.error();
        found.push_back({each, devices->as_texts()});
    }
    return found;
}

Outcome NetworkManager::gone(const std::vector<Use>& uses) {
    const auto until = std::chrono::steady_clock::now() + longest_farewell;
    while (!uses.empty()) {
        const auto all = active();
        if (!all) return all.error();
        if (std::none_of(uses.begin(), uses.end(),
                         [&](const Use& use) { return std::find(all->begin(), all->end(), use.active) != all->end(); }))
            break;
        if (std::chrono::steady_clock::now() >= until)
            return Error{Fault::timeout, "NetworkManager does not let go of the network as it was.", {}};
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return {};
}

Outcome NetworkManager::erase(const std::string& connection) {
    const auto before = uses(connection);
    if (!before) return before.error();
    auto erased = without_value(call(connection, connection_interface, "Delete", {}));
    if (!erased && erased.error().fault == Fault::not_found) return {};
    return erased ? gone(*before) : erased;
}

Outcome NetworkManager::renew(const std::string& connection) {
    const auto before = uses(connection);
    if (!before) return before.error();
    for (const auto& use : *before) {
        for (const auto& device : use.devices) {
            auto up = without_value(call(network_manager_path, network_manager_service, "ActivateConnection",
                                         {BusValue::path(connection), BusValue::path(device), BusValue::path("/")}));
            if (!up) return up;
        }
    }
    return gone(*before);
}

Result<std::string> NetworkManager::checkpoint(std::uint32_t seconds) {
    auto answer = call(network_manager_path, network_manager_service, "CheckpointCreate",
                       {BusValue::array("o", {}), BusValue::uint32(seconds),
                        BusValue::uint32(delete_new_connections | disconnect_new_devices | allow_overlapping)});
    if (!answer) return std::move(answer).error();
    auto path = answer->size() == 1 ? answer->front().as_text() : std::nullopt;
    if (!path) return unexpected("CheckpointCreate");
    return std::move(*path);
}

Outcome NetworkManager::prolong(const std::string& checkpoint, std::uint32_t seconds) {
    return gone_if_unknown(
        without_value(call(network_manager_path, network_manager_service, "CheckpointAdjustRollbackTimeout",
                           {BusValue::path(checkpoint), BusValue::uint32(seconds)})));
}

Outcome NetworkManager::rollback(const std::string& checkpoint) {
    return gone_if_unknown(without_value(
        call(network_manager_path, network_manager_service, "CheckpointRollback", {BusValue::path(checkpoint)})));
}

Outcome NetworkManager::forget(const std::string& checkpoint) {
    return gone_if_unknown(without_value(
        call(network_manager_path, network_manager_service, "CheckpointDestroy", {BusValue::path(checkpoint)})));
}

}  // namespace steward::platform
