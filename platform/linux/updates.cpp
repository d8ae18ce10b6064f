#include "platform/linux/updates.h"

#include <utility>

namespace steward::platform {

Result<Record<UpdateRules>*> LinuxUpdates::here() {
    auto manager = packages_.here();
    if (!manager) return std::move(manager).error();
    if (*manager == nullptr) return nullptr;
    if (packages_.is_dnf(*manager)) return &by_dnf_;
    return &by_apt_;
}

Result<UpdateRules> LinuxUpdates::read() {
    auto rules = here();
    if (!rules) return std::move(rules).error();
    return *rules == nullptr ? UpdateRules() : (*rules)->read();
}

Outcome LinuxUpdates::write(const UpdateRules& managed) {
    auto rules = here();
    if (!rules) return std::move(rules).error();
    if (*rules != nullptr) return (*rules)->write(managed);
    if (managed == UpdateRules{}) return {};
    return Error{Fault::unsupported,
                 "This device installs its updates neither with apt nor with dnf 4; nothing else is supported yet.",
                 {}};
}

}  // namespace steward::platform
