#include "platform/linux/host.h"

#include <utility>

#include "platform/linux/adapters.h"
#include "platform/linux/files.h"
#include "platform/linux/health.h"
#include "platform/linux/identity.h"
#include "platform/linux/logins.h"
#include "platform/linux/passwords.h"
#include "platform/linux/processes.h"

namespace steward::platform {

struct LinuxHost::Parts {
    Parts(LinuxOptions options, const Clock& clock, Calls& calls)
        : files(options.root, calls),
          identity(files, clock, std::move(options.device_id)),
          health(files, clock),
          passwords(files, processes),
          logins(files),
          adapters(files, options.root == "/" ? system_addresses : no_addresses),
          host{identity, health, passwords, logins, adapters} {}

    Files files;
    LinuxProcesses processes;
    LinuxIdentity identity;
    LinuxHealth health;
    LinuxPasswords passwords;
    LinuxLogins logins;
    LinuxAdapters adapters;
    Host host;
};

LinuxHost::LinuxHost(LinuxOptions options, const Clock& clock, Calls& calls)
    : parts_(std::make_unique<Parts>(std::move(options), clock, calls)) {}

LinuxHost::~LinuxHost() = default;

Host& LinuxHost::host() {
    return parts_->host;
}

}  // namespace steward::platform
