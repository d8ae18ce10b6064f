// The calls of NetworkManager that we make. Source: its D-Bus API reference, 1.42.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/linux/bus.h"

namespace steward::platform {

inline constexpr char network_manager_service[] = "org.freedesktop.NetworkManager";
inline constexpr char network_manager_path[] = "/org/freedesktop/NetworkManager";

class NetworkManager {
  public:
    explicit NetworkManager(Bus& bus) : bus_(bus) {}

    // Fault unsupported, with the remedy, where NetworkManager does not run.
    Result<std::vector<std::string>> connections();                  // object paths
    Result<std::optional<std::string>> find(std::string_view uuid);  // object path
    Result<BusValue> settings(const std::string& connection);        // a{sa{sv}} without secrets
    // Those that NetworkManager keeps itself.
    Result<BusValue> secrets(const std::string& connection, std::string_view group);
    Outcome add(const BusValue& settings);
    Outcome update(const std::string& connection, const BusValue& settings);
    // Both return only when no device is on the network as it was: until then a server could still be reached over it.
    // Fault timeout: NetworkManager does not let go of it.
    Outcome erase(const std::string& connection);
    // Has it come up anew on every device that uses it: what was updated is in force only from then on.
    Outcome renew(const std::string& connection);

    // A picture of the network that comes back by itself after so many seconds. The object path names it.
    Result<std::string> checkpoint(std::uint32_t seconds);
    Outcome prolong(const std::string& checkpoint, std::uint32_t seconds);  // from now on
    Outcome rollback(const std::string& checkpoint);                        // not_found: it came back already
    Outcome forget(const std::string& checkpoint);                          // not_found: the same

  private:
    struct Use {
        std::string active;                // object path
        std::vector<std::string> devices;  // object paths
    };
    Result<std::vector<std::string>> active();
    Result<std::vector<Use>> uses(const std::string& connection);
    Outcome gone(const std::vector<Use>& uses);
    Result<BusValues> call(std::string path, std::string interface, std::string member, BusValues arguments);

    Bus& bus_;
};

}  // namespace steward::platform
