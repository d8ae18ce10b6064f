// Identity on Linux: from SMBIOS and the device tree as /sys and /proc show them, os-release, the locale files.
#pragma once

#include <string>
#include <string_view>

#include "platform/base/clock.h"
#include "platform/identity.h"
#include "platform/linux/files.h"

namespace steward::platform {

class LinuxIdentity final : public Record<Identity> {
  public:
    LinuxIdentity(const Files& files, const Clock& clock, std::string device_id)
        : files_(files), clock_(clock), device_id_(std::move(device_id)) {}

    Result<Identity> read() override;
    Outcome write(const Identity& managed) override;

  private:
    const Files& files_;
    const Clock& clock_;
    std::string device_id_;
};

// "de_DE.UTF-8" is "de-DE", "C" is "en": the language of untranslated messages.
std::string language_tag(std::string_view locale);

// SYSTEM_INFO numbers for the machine name of uname(2); nullopt for one that has none.
std::optional<int> processor_architecture(std::string_view machine);
std::optional<int> processor_type(std::string_view machine);

}  // namespace steward::platform
