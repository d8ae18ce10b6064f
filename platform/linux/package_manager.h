// What updates need of the package manager of this device. An update goes by "name_version".
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/base/clock.h"
#include "platform/linux/files.h"
#include "platform/linux/update_rules.h"
#include "platform/update_table.h"

namespace steward::platform {

using UpdateNames = std::set<std::string, std::less<>>;

std::string update_key(std::string_view name, std::string_view version);  // "openssl_3.0.17-1"
std::string package_of(std::string_view update);                          // "openssl"
std::string version_of(std::string_view update);                          // "3.0.17-1"

// Of what a log tells, oldest first, the last that is said of each; of a long one only its end.
PackageUpdates latest(std::vector<std::pair<std::string, PackageUpdate>> told);

class PackageManager {
  public:
    virtual ~PackageManager() = default;

    virtual Result<bool> present() const = 0;
    virtual Outcome fetch() = 0;  // the lists of what there is, where nobody else does before it matters

    virtual Result<PackageUpdates> installable() = 0;  // newer than what is installed, kept back or not
    virtual Result<PackageUpdates> installed() = 0;
    virtual Result<PackageUpdates> failed() = 0;
    virtual Result<PackageUpdates> pending_restart() = 0;
    virtual Result<std::optional<Instant>> restart_wanted() = 0;  // since when; nullopt: nobody wants one
    virtual Result<std::optional<Instant>> last_fetched() = 0;
    // Services that run what an update has replaced, by unit. Sees the memory of every process.
    virtual Result<std::vector<std::string>> stale_services() = 0;

    // The rules that were written down, whether anybody obeys them or not.
    virtual Result<HoldRules> hold_rules() = 0;
    virtual Result<UpdateNames> kept_back() = 0;
    // The change that has it keep back these and no others.
    virtual Result<Change> keep_back(const UpdateNames& updates) = 0;

    // Installs all that is not kept back; answers what it did in a sentence. Takes hours at most.
    virtual Result<std::string> install() = 0;
};

}  // namespace steward::platform
