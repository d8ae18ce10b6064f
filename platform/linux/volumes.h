// Every mounted file system and swap area, with a judgement: mountinfo and /proc/swaps on top of the block tree.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "platform/encryption.h"
#include "platform/linux/block_tree.h"
#include "platform/linux/files.h"
#include "platform/linux/fscrypt.h"
#include "platform/linux/luks.h"

namespace steward::platform {

struct FoundVolume {
    std::string key;     // "/home", "swap:/dev/dm-2"
    std::string number;  // of the mounted file system: "8:3"
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
    LinuxVolumes(const Files& files, Luks& luks, Fscrypt& fscrypt) : files_(files), luks_(luks), fscrypt_(fscrypt) {}

    Result<Rows<Volume>> all() override;

  private:
    void look_at_homes(std::vector<FoundVolume>& volumes) const;

    const Files& files_;
    Luks& luks_;
    Fscrypt& fscrypt_;
};

}  // namespace steward::platform
