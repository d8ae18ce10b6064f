// What apt and dpkg keep about updates: those that could be installed (asked of apt itself, from its lists as they
// are), those that were (apt's history), those that failed (packages that dpkg left half way), and those that need a
// restart. Source: apt-get(8), dpkg(1), /run/reboot-required.pkgs.
#pragma once

#include <functional>
#include <map>

#include "platform/base/clock.h"
#include "platform/linux/apt.h"
#include "platform/linux/files.h"
#include "platform/updates.h"

namespace steward::platform {

using PackageUpdates = std::map<std::string, PackageUpdate, std::less<>>;

Result<PackageUpdates> installable_updates(const Apt& apt);
Result<PackageUpdates> installed_updates(const Files& files);
Result<PackageUpdates> failed_updates(const Apt& apt);
Result<PackageUpdates> updates_pending_restart(const Files& files, const Apt& apt);

// One of them as a table. Listing and then reading each row makes the list once: it is kept for a few seconds.
class UpdateTable final : public Table<PackageUpdate> {
  public:
    using Source = std::function<Result<PackageUpdates>()>;
    UpdateTable(Source source, const Clock& clock) : source_(std::move(source)), clock_(clock) {}

    Result<std::vector<std::string>> names() override;
    Result<PackageUpdate> read(std::string_view key) override;
    Outcome write(std::string_view key, const PackageUpdate& managed) override;
    Outcome erase(std::string_view key) override;

  private:
    Outcome refresh();

    Source source_;
    const Clock& clock_;
    std::optional<Instant> made_;
    PackageUpdates updates_;
};

class LinuxUpdateFacts final : public Record<UpdateFacts> {
  public:
    explicit LinuxUpdateFacts(const Files& files) : files_(files) {}
    Result<UpdateFacts> read() override;
    Outcome write(const UpdateFacts& managed) override;

  private:
    const Files& files_;
};

}  // namespace steward::platform
