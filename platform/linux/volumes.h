// Every mounted file system and swap area, with a judgement: mountinfo and /proc/swaps on top of the block tree.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "platform/encryption.h"
#include "platform/linux/block_tree.h"
#include "platform/linux/files.h"
#include "platform/linux/luks.h"

namespace steward::platform {

struct FoundVolume {
    std::string key;  // "/home", "swap:/dev/dm-2"
    Volume volume;
    std::vector<CryptLayer> layers;
};

// The kernel's own interfaces (/proc, /sys, …) are left out; of several mounts of one file system the first stands for
// all. Fault io: the list of mounts can't be read.
Result<std::vector<FoundVolume>> find_volumes(const Files& files, Luks& luks);

// Whether the volume that holds / is encrypted; nullopt: nobody can tell.
std::optional<bool> system_encrypted(const std::vector<FoundVolume>& volumes);

class LinuxVolumes final : public Volumes {
  public:
    LinuxVolumes(const Files& files, Luks& luks) : files_(files), luks_(luks) {}

    Result<std::map<std::string, Volume, std::less<>>> all() override;
    Result<std::vector<std::string>> names() override;
    Result<Volume> read(std::string_view key) override;
    Outcome write(std::string_view key, const Volume& managed) override;
    Outcome erase(std::string_view key) override;

  private:
    const Files& files_;
    Luks& luks_;
};

}  // namespace steward::platform
