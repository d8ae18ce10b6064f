// The volumes of this device with a judgement: what BitLocker says of each, and every other drive with a letter.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "platform/encryption.h"
#include "platform/windows/bit_locker.h"

namespace steward::platform {

// A drive of this device itself: no network drive, no disc.
struct LocalDrive {
    std::string letter;  // "C:"
    bool system = false, removable = false;
};

std::vector<LocalDrive> local_drives();

// Rows are named by the letter, or by the path of a volume that has none.
class WindowsVolumes final : public Volumes {
  public:
    explicit WindowsVolumes(const BitLocker& bit_locker, std::function<std::vector<LocalDrive>()> drives = local_drives)
        : bit_locker_(bit_locker), drives_(std::move(drives)) {}

    Result<Rows<Volume>> all() override;

  private:
    const BitLocker& bit_locker_;
    std::function<std::vector<LocalDrive>()> drives_;
};

}  // namespace steward::platform
