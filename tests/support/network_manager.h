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

    void time_passes();  // every checkpoint comes back by itself
    std::string add(const platform::BusValue& settings);

  private:
    int next_ = 0;
};

}  // namespace steward::test
