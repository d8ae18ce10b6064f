#include "tests/server/registry.h"

namespace steward::server {

Device* Registry::known(const std::string& id) {
    const auto found = devices_.find(id);
    return found == devices_.end() ? nullptr : &found->second;
}

void Registry::enrol(Device device) {
    const std::lock_guard lock(mutex_);
    const std::string id = device.id;
    devices_.insert_or_assign(id, std::move(device));
}

std::optional<Device> Registry::find(std::string_view id) const {
    const std::lock_guard lock(mutex_);
    const auto found = devices_.find(id);
    return found == devices_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<Device> Registry::owner_of(std::string_view thumbprint) const {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, device] : devices_) {
        const bool old = device.replaced && device.replaced->thumbprint == thumbprint;
        if (!device.unenrolled && (old || device.certificate.thumbprint == thumbprint)) return device;
    }
    return std::nullopt;
}

std::vector<Device> Registry::list() const {
    const std::lock_guard lock(mutex_);
    std::vector<Device> all;
    for (const auto& [id, device] : devices_) all.push_back(device);
    return all;
}

std::size_t Registry::enrolled() const {
    const std::lock_guard lock(mutex_);
    std::size_t count = 0;
    for (const auto& [id, device] : devices_)
        if (!device.unenrolled) ++count;
    return count;
}

void Registry::renew(const std::string& id, const CertificateFacts& certificate) {
    const std::lock_guard lock(mutex_);
    auto* device = known(id);
    if (device == nullptr) return;
    device->replaced = std::move(device->certificate);
    device->certificate = certificate;
    ++device->renewals;
}

void Registry::used(const std::string& id, const std::string& thumbprint) {
    const std::lock_guard lock(mutex_);
    auto* device = known(id);
    if (device != nullptr && device->certificate.thumbprint == thumbprint) device->replaced.reset();
}

void Registry::began_session(const std::string& id, Instant now) {
    const std::lock_guard lock(mutex_);
    auto* device = known(id);
    if (device == nullptr) return;
    device->last_session = now;
    ++device->sessions;
}

void Registry::left(const std::string& id, Instant now) {
    const std::lock_guard lock(mutex_);
    if (auto* device = known(id)) device->unenrolled = now;
}

void Registry::client_nonce(const std::string& id, const std::string& raw) {
    const std::lock_guard lock(mutex_);
    if (auto* device = known(id)) device->secrets.client_nonce = raw;
}

void Registry::server_nonce(const std::string& id, const std::string& raw) {
    const std::lock_guard lock(mutex_);
    if (auto* device = known(id)) device->secrets.server_nonce = raw;
}

void Registry::channel(const std::string& id, const std::string& url) {
    const std::lock_guard lock(mutex_);
    if (auto* device = known(id)) device->channel = url;
}

}  // namespace steward::server
