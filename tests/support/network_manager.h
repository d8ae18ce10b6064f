// NetworkManager as far as wireless profiles and checkpoints go, played on a scripted bus: it keeps connections, gives
// no secrets away with the settings, leaves out what is the default, and rolls back.
#pragma once

#include <map>
#include <string>

#include "tests/support/scripted_bus.h"

namespace steward::test {

class PlayedNetworkManager {
  public:
    explicit PlayedNetworkManager(ScriptedBus& bus);
    PlayedNetworkManager(const PlayedNetworkManager&) = delete;
    PlayedNetworkManager& operator=(const PlayedNetworkManager&) = delete;

    std::map<std::string, platform::BusValue> connections;  // by object path; with their secrets
    std::map<std::string, std::map<std::string, platform::BusValue>> checkpoints;

    // The networks that a device is on, by the object path of that use. One that is left or comes up anew is still told
    // of for so many looks, as it takes its time to go down.
    struct Use {
        std::string connection;
        bool ends = false;
    };
    std::map<std::string, Use> in_use;
    int looks_until_down = 0;

    void time_passes();  // every checkpoint comes back by itself
    std::string add(const platform::BusValue& settings);

  private:
    Result<platform::BusValues> property(const platform::BusCall& call);
    void end_uses(const std::string& connection);

    int next_ = 0;
    int looks_left_ = 0;
};

}  // namespace steward::test
