#include "platform/linux/package_managers.h"

#include <initializer_list>
#include <iterator>
#include <utility>

#include "platform/base/text.h"

namespace steward::platform {

std::string update_key(std::string_view name, std::string_view version) {
    return std::string(name) + "_" + std::string(version);
}

std::string package_of(std::string_view update) {
    return std::string(update.substr(0, update.rfind('_')));
}

std::string version_of(std::string_view update) {
    return std::string(update.substr(update.rfind('_') + 1));
}

PackageUpdates latest(std::vector<std::pair<std::string, PackageUpdate>> told) {
    constexpr std::ptrdiff_t most = 500;
    if (std::ssize(told) > most) told.erase(told.begin(), told.end() - most);
    PackageUpdates updates;
    for (auto& [key, update] : told) updates.insert_or_assign(key, std::move(update));
    return updates;
}

Result<PackageManager*> PackageManagers::here() {
    for (PackageManager* manager : std::initializer_list<PackageManager*>{&apt_, &dnf_}) {
        auto present = manager->present();
        if (!present) return std::move(present).error();
        if (*present) return manager;
    }
    return nullptr;
}

Result<PackageManager*> PackageManagers::needed() {
    auto manager = here();
    if (manager && *manager == nullptr) {
        return Error{Fault::not_found, "This device has neither apt nor dnf 4 to be asked for updates.", {}};
    }
    return manager;
}

Result<UpdateFacts> LinuxUpdateFacts::read() {
    UpdateFacts facts;
    auto manager = packages_.here();
    if (!manager) return std::move(manager).error();
    if (*manager == nullptr) return facts;
    auto time = (*manager)->last_fetched();
    if (!time) return std::move(time).error();
    if (*time) facts.last_scan = iso_extended((*time)->time_since_epoch().count());
    return facts;
}

Outcome LinuxUpdateFacts::write(const UpdateFacts&) {
    return Error{Fault::refused, "What the operating system says of its updates is read, not set.", {}};
}

}  // namespace steward::platform
