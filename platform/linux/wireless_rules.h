// WirelessRules by NetworkManager and polkit: the radio is switched off, and a rule of ours refuses people what is not
// allowed. Root may do as ever. Source: NetworkManager's D-Bus API, 1.42, and its polkit actions; polkit(8).
#pragma once

#include "platform/linux/bus.h"
#include "platform/linux/files.h"
#include "platform/wifi.h"

namespace steward::platform {

class LinuxWirelessRules final : public Record<WirelessRules> {
  public:
    LinuxWirelessRules(Bus& bus, Files& files) : bus_(bus), files_(files) {}

    Result<WirelessRules> read() override;
    Outcome write(const WirelessRules& managed) override;

  private:
    // What our rule says. The radio is off with it, and was so before or not.
    struct Refused {
        bool radio = false, sharing = false, was_on = false;
        bool operator==(const Refused&) const = default;
    };
    static std::string text_of(const Refused& refused);
    Result<Refused> refused() const;
    Outcome refuse(const Refused& refused);
    Result<bool> radio_on();
    Outcome switch_radio(bool on);

    Bus& bus_;
    Files& files_;
};

}  // namespace steward::platform
