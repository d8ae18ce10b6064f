// What a block device stands on: the layers of /sys/dev/block down to hardware.
//
// Only a device-mapper UUID tells that a layer encrypts, never a name. Sources: libcryptsetup, dm uuid
// "CRYPT-<type>-…"; the kernel's Documentation/ABI/stable/sysfs-block.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/encryption.h"
#include "platform/linux/files.h"
#include "platform/linux/luks.h"

namespace steward::platform {

// A layer that encrypts.
struct CryptLayer {
    std::string kind;                 // "LUKS2"
    std::string name;                 // of the mapping: "nvme0n1p3_crypt"
    std::string device;               // that holds its header: "/dev/nvme0n1p3"; empty: more than one, or none
    std::optional<LuksFacts> header;  // nullopt: it has none or it can't be read
};

struct Below {
    Judgement judgement = Judgement::unknown;
    std::string reason;              // for anything but encrypted
    std::vector<CryptLayer> layers;  // outermost first, of every path
    bool removable = true;           // every disk below is
    bool in_memory = false, in_file = false;
};

class BlockTree {
  public:
    BlockTree(const Files& files, Luks& luks) : files_(files), luks_(luks) {}

    Below below(const std::string& number) const;                                            // "253:1"
    std::optional<std::string> number_of(std::string_view device) const;                     // of "/dev/mapper/root"
    Result<std::vector<std::string>> btrfs_members(const std::string& number) const;         // numbers, this one too
    std::optional<std::string> udev(const std::string& number, std::string_view key) const;  // "ID_PART_ENTRY_TYPE"

  private:
    Below walk(const std::string& path, int depth, int& budget) const;
    Below through(const CryptLayer& layer, const std::vector<std::string>& slaves, const std::string& path, int depth,
                  int& budget) const;
    bool removable(const std::string& path) const;

    const Files& files_;
    Luks& luks_;
};

}  // namespace steward::platform
