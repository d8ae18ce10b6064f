#include "platform/windows/network_guard.h"

#include <algorithm>
#include <utility>

#include "platform/base/text.h"

namespace steward::platform {
namespace {

const std::string place = R"(SOFTWARE\Steward\NetworkGuard)";
const std::string until_name = "Until";
constexpr std::string_view record_mark = "record|", document_mark = "document|";
constexpr std::size_t keys_of_ours = 2;

std::string place_of(const std::string& name) {
    return std::string(our_networks) + "\\" + name;
}

}  // namespace

WindowsNetworkGuard::WindowsNetworkGuard(Registry& registry, WlanCalls& calls, const Clock& clock, Watch watch)
    : registry_(registry), calls_(calls), clock_(clock) {
    if (watch == Watch::by_itself) watcher_ = std::thread([this] { this->watch(); });
}

WindowsNetworkGuard::~WindowsNetworkGuard() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    changed_.notify_all();
    if (watcher_.joinable()) watcher_.join();
}

// By the system's time and again every while, so that a clock that was put right is noticed.
void WindowsNetworkGuard::watch() {
    constexpr std::chrono::seconds longest_sleep{15};
    std::unique_lock lock(mutex_);
    while (!ending_) {
        const auto end = until();
        if (!end) {
            changed_.wait(lock);
            continue;
        }
        if (clock_.now() >= *end) (void)undo_locked();  // what fails is tried again
        changed_.wait_for(lock, std::clamp(*end - clock_.now(), std::chrono::seconds(1), longest_sleep));
    }
}

std::optional<Instant> WindowsNetworkGuard::until() const {
    const auto text = registry_.text(place, until_name);
    const auto seconds = text ? to_integer(*text) : std::nullopt;
    return seconds ? std::optional(Instant(std::chrono::seconds(*seconds))) : std::nullopt;
}

Result<WindowsNetworkGuard::Networks> WindowsNetworkGuard::present() const {
    Networks networks;
    auto names = registry_.keys(our_networks);
    if (!names) return std::move(names).error();
    if (names->empty()) return networks;
    auto adapters = calls_.interfaces();
    if (!adapters) return std::move(adapters).error();
    for (const auto& name : *names) {
        auto& network = networks[name];
        auto values = registry_.values(place_of(name));
        if (!values) return std::move(values).error();
        for (const auto& value : *values) {
            network.record[value] = registry_.text(place_of(name), value).value_or("");
        }
        for (const auto& adapter : *adapters) {
            auto document = calls_.profile(adapter, network.record["Name"], WlanCalls::Key::sealed);
            if (!document) return std::move(document).error();
            if (*document) network.documents[adapter] = std::move(**document);
        }
    }
    return networks;
}

Result<WindowsNetworkGuard::Networks> WindowsNetworkGuard::kept() const {
    Networks networks;
    auto names = registry_.keys(place);
    if (!names) return std::move(names).error();
    for (const auto& name : *names) {
        auto values = registry_.values(place + "\\" + name);
        if (!values) return std::move(values).error();
        for (const auto& value : *values) {
            auto text = registry_.text(place + "\\" + name, value).value_or("");
            auto& network = networks[name];
            if (value.starts_with(record_mark))
                network.record[value.substr(record_mark.size())] = std::move(text);
            else
                network.documents[value.substr(document_mark.size())] = std::move(text);
        }
    }
    return networks;
}

Outcome WindowsNetworkGuard::arm(std::chrono::seconds patience) {
    const std::lock_guard lock(mutex_);
    std::vector<Setting> settings;
    if (!until()) {  // else what was stays remembered
        auto now = present();
        if (!now) return std::move(now).error();
        for (const auto& [name, network] : *now) {
            for (const auto& [value, text] : network.record) {
                settings.push_back({place + "\\" + name, std::string(record_mark) + value, text_value(text)});
            }
            for (const auto& [adapter, document] : network.documents) {
                settings.push_back({place + "\\" + name, std::string(document_mark) + adapter, text_value(document)});
            }
        }
    }
    const auto end = clock_.now() + patience;
    settings.push_back({place, until_name, text_value(std::to_string(end.time_since_epoch().count()))});
    if (auto armed = registry_.apply(settings); !armed) return armed;
    armed_ = true;
    changed_.notify_all();
    return {};
}

bool WindowsNetworkGuard::is_armed() const {
    const std::lock_guard lock(mutex_);
    return armed_ || until();
}

Outcome WindowsNetworkGuard::disarm() {
    std::vector<Setting> settings;
    auto names = registry_.keys(place);
    if (!names) return std::move(names).error();
    for (const auto& name : *names) {
        auto values = registry_.values(place + "\\" + name);
        if (!values) return std::move(values).error();
        for (const auto& value : *values)
            settings.push_back({place + "\\" + name, value, std::nullopt, keys_of_ours + 1});
    }
    settings.push_back({place, until_name, std::nullopt, keys_of_ours});
    return registry_.apply(settings);
}

Result<NetworkGuard::Verdict> WindowsNetworkGuard::keep() {
    const std::lock_guard lock(mutex_);
    const auto end = until();
    if (!end) return std::exchange(armed_, false) ? Verdict::had_been_undone : Verdict::kept;
    const bool over = clock_.now() >= *end;
    auto done = over ? undo_locked() : disarm();
    if (!done) return std::move(done).error();
    armed_ = false;
    return over ? Verdict::had_been_undone : Verdict::kept;
}

Outcome WindowsNetworkGuard::undo() {
    const std::lock_guard lock(mutex_);
    auto undone = undo_locked();
    if (undone) armed_ = false;
    return undone;
}

void WindowsNetworkGuard::look() {
    const std::lock_guard lock(mutex_);
    const auto end = until();
    if (end && clock_.now() >= *end) (void)undo_locked();
}

Outcome WindowsNetworkGuard::restore(const std::string& name, const Network& network) {
    std::vector<Setting> settings;
    for (const auto& [value, text] : network.record) settings.push_back({place_of(name), value, text_value(text)});
    if (auto recorded = registry_.apply(settings); !recorded) return recorded;
    for (const auto& [adapter, document] : network.documents) {
        if (auto set = calls_.set(adapter, document); !set) return set;
    }
    return {};
}

Outcome WindowsNetworkGuard::undo_locked() {
    if (!until()) return {};
    auto before = kept();
    if (!before) return std::move(before).error();
    auto now = present();
    if (!now) return std::move(now).error();
    WindowsWifi wifi(registry_, calls_);
    for (const auto& [name, network] : *now) {
        const auto was = before->find(name);
        if (was != before->end() && was->second == network) {
            before->erase(was);
            continue;
        }
        const auto key = network.record.find("Key");
        if (key == network.record.end()) continue;
        if (auto erased = wifi.erase(key->second); !erased) return erased;
    }
    for (const auto& [name, network] : *before) {
        if (auto restored = restore(name, network); !restored) return restored;
    }
    return disarm();
}

}  // namespace steward::platform
