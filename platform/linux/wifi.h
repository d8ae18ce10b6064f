// Wireless networks as connections of NetworkManager. Ours are known by their UUID, and nobody else's is touched.
#pragma once

#include "platform/linux/bus.h"
#include "platform/linux/files.h"
#include "platform/linux/network_manager.h"
#include "platform/linux/wifi_settings.h"
#include "platform/wifi.h"

namespace steward::platform {

class LinuxWifi final : public Table<WifiNetwork> {
  public:
    LinuxWifi(Bus& bus, Files& files) : manager_(bus), files_(files) {}

    Result<std::vector<std::string>> names() override;
    Result<WifiNetwork> read(std::string_view key) override;
    Outcome write(std::string_view key, const WifiNetwork& managed) override;
    Outcome erase(std::string_view key) override;

  private:
    struct Present {
        std::string path;  // of the connection
        BusValue settings;
        WifiNetwork network;  // with its key
    };
    Result<std::optional<Present>> present(std::string_view key);
    Result<WifiCredentials> credentials() const;
    // The certificates that these thumbprints name, as one PEM text; not_found when the device does not have one.
    Result<std::string> authorities(const EapSettings& eap) const;
    Outcome sweep_authorities(std::string_view uuid, const std::string& keep);

    NetworkManager manager_;
    Files& files_;
};

}  // namespace steward::platform
