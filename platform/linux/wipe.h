// Wiping disks: the keys of LUKS volumes first, which makes what they encrypt unreadable at once, then the rest.
//
// /etc/steward/wipe.conf is an administrator's word:
//     allow = yes             without it nothing is wiped, whoever asks
//     disks = /dev/sdb        these only; without it every fixed disk
#pragma once

#include "platform/linux/files.h"
#include "platform/linux/luks.h"
#include "platform/processes.h"
#include "platform/wipe.h"

namespace steward::platform {

class LinuxWiper final : public Wiper {
  public:
    // live: of the machine itself, where systemd can be told and an end be made.
    LinuxWiper(Files& files, Luks& luks, Processes& processes, const Clock& clock, bool live)
        : files_(files), luks_(luks), processes_(processes), clock_(clock), live_(live) {}

    Result<std::vector<std::string>> plan(WipeKind kind) override;
    Outcome order(WipeKind kind, Instant at) override;
    Result<std::optional<WipeOrder>> ordered() override;
    Outcome carry_out(const std::function<void(const std::string&)>& say) override;

  private:
    struct Part {
        std::string device;
        std::vector<int> slots;  // of its LUKS header
        std::uint64_t from = 0, to = 0;
        bool encrypted = false;
    };
    struct Target {
        std::string device;
        std::vector<Part> parts;  // the disk itself, when it has none
        bool in_use = false;      // something of it is mounted
    };
    Result<std::vector<Target>> targets() const;
    Result<Target> target_of(const std::string& device) const;
    Part part_of(const std::string& device) const;
    std::string path_of(const std::string& device) const;
    Outcome destroy_keys(const Part& part);
    Outcome clear(const Target& target, WipeKind kind);

    Files& files_;
    Luks& luks_;
    Processes& processes_;
    const Clock& clock_;
    bool live_;
};

}  // namespace steward::platform
