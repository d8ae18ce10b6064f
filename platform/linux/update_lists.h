// What apt and dpkg keep about updates: those that could be installed (asked of apt itself, from its lists as they
// are), those that were (apt's history), those that failed (packages that dpkg left half way), and those that need a
// restart. Source: apt-get(8), dpkg(1), /run/reboot-required.pkgs.
#pragma once

#include "platform/linux/apt.h"
#include "platform/linux/files.h"
#include "platform/update_table.h"
#include "platform/updates.h"

namespace steward::platform {

std::string update_key(std::string_view name, std::string_view version);  // "openssl_3.0.17-1"
void add_update(const Apt::Upgrade& upgrade, PackageUpdates& updates);

Result<PackageUpdates> installable_updates(const Apt& apt);
Result<PackageUpdates> installed_updates(const Files& files);
Result<PackageUpdates> failed_updates(const Apt& apt);
Result<PackageUpdates> updates_pending_restart(const Files& files, const Apt& apt);

class LinuxUpdateFacts final : public Record<UpdateFacts> {
  public:
    explicit LinuxUpdateFacts(const Files& files) : files_(files) {}
    Result<UpdateFacts> read() override;
    Outcome write(const UpdateFacts& managed) override;

  private:
    const Files& files_;
};

}  // namespace steward::platform
