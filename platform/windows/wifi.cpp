#include "platform/windows/wifi.h"

#include <algorithm>
#include <utility>

#include "platform/base/bytes.h"
#include "platform/base/digest.h"
#include "platform/base/text.h"
#include "platform/windows/certificate_store.h"

namespace steward::platform {
namespace {

constexpr std::string_view before_mark = "Before ";
constexpr int variable_cost = 4;  // of NLM_CONNECTION_COST, where the CSP has 3

// Keeps how long a key is apart, which says what kind of key it is; 63 characters never become 64.
std::string masked(const std::string& key) {
    return key.size() == 64 ? std::string(64, '*') : std::string(key.empty() ? "" : "*");
}

int windows_cost(int cost) {
    return cost == WifiNetwork::variable ? variable_cost : cost;
}

std::optional<int> cost_of(std::optional<int> windows) {
    if (windows == variable_cost) return WifiNetwork::fixed;  // as everywhere: metered is metered
    if (windows == 1 || windows == 2) return windows;
    return std::nullopt;
}

Error not_ours(std::string_view key) {
    return {Fault::not_found, "This device knows no wireless network of that name from us.", std::string(key)};
}

}  // namespace

Result<bool> machine_knows_authority(const std::string& thumbprint) {
    for (const auto* name : {"ROOT", "CA"}) {
        auto all = CertificateStore(CertificateStore::Whose::machine, name).all();
        if (!all) return std::move(all).error();
        if (all->contains(upper(thumbprint))) return true;
    }
    return false;
}

// The name of a network may be anything, that of a key not.
std::string WindowsWifi::place_of(std::string_view key) {
    return std::string(our_networks) + "\\" + to_hex(sha256(key)).substr(0, 32);
}

Result<std::optional<WindowsWifi::Ours>> WindowsWifi::ours(std::string_view key) const {
    const auto place = place_of(key);
    auto values = registry_.values(place);
    if (!values) return std::move(values).error();
    if (values->empty()) return std::optional<Ours>();
    Ours found;
    for (const auto& name : *values) {
        auto value = registry_.find(place, name);
        if (!value) return std::move(value).error();
        auto text = *value ? text_in(**value).value_or("") : std::string();
        if (name == "Key")
            found.key = std::move(text);
        else if (name == "Name")
            found.name = std::move(text);
        else if (name == "Cost")
            found.cost_set = true;
        else if (name.starts_with(before_mark))
            found.before.emplace(name.substr(before_mark.size()), std::move(text));
    }
    return std::optional(std::move(found));
}

Result<std::vector<std::string>> WindowsWifi::names() {
    std::vector<std::string> names;
    auto keys = registry_.keys(our_networks);
    if (!keys) return std::move(keys).error();
    if (keys->empty()) return names;
    for (const auto& each : *keys) {
        const auto key = registry_.text(std::string(our_networks) + "\\" + each, "Key");
        if (!key) continue;
        auto found = ours(*key);
        if (!found) return std::move(found).error();
        if (!*found) continue;
        auto network = present(**found);
        if (!network) return std::move(network).error();
        if (*network) names.push_back(*key);
    }
    std::sort(names.begin(), names.end());
    return names;
}

// nullopt: no adapter knows it any more. Where the adapters don't agree it has no profile.
Result<std::optional<WifiNetwork>> WindowsWifi::present(const Ours& ours) {
    auto adapters = calls_.interfaces();
    if (!adapters) return std::move(adapters).error();
    std::optional<WifiNetwork> network;
    bool agreed = true;
    for (const auto& adapter : *adapters) {
        auto document = calls_.profile(adapter, ours.name, WlanCalls::Key::told);
        if (!document) return std::move(document).error();
        WifiNetwork here;
        if (*document) {
            if (auto profile = parse_wlan_profile(**document)) here.profile = std::move(*profile);
            auto cost = calls_.cost(adapter, ours.name);
            if (!cost) return std::move(cost).error();
            here.cost = cost_of(*cost);
        }
        if (!network && *document) network = here;
        agreed = agreed && *document && network == here;
    }
    if (network && !agreed) network->profile.reset();
    return network;
}

Result<WifiNetwork> WindowsWifi::read(std::string_view key) {
    auto found = ours(key);
    if (!found) return std::move(found).error();
    if (!*found) return not_ours(key);
    auto network = present(**found);
    if (!network) return std::move(network).error();
    if (!*network) return not_ours(key);
    if ((*network)->profile) (*network)->profile->key = masked((*network)->profile->key);
    return std::move(**network);
}

Outcome WindowsWifi::possible(std::string_view key, const WifiNetwork& managed,
                              const std::vector<std::string>& adapters) const {
    if (managed.pac_url || managed.discover_proxy) {
        return Error{Fault::unsupported,
                     "Windows keeps no proxy with a wireless network that others than its own management may set.",
                     {}};
    }
    if (adapters.empty()) {
        return Error{Fault::unsupported, "This device has no wireless adapter that could know a network.", {}};
    }
    for (const auto& thumbprint :
         managed.profile->eap ? managed.profile->eap->authorities : std::vector<std::string>()) {
        auto known = knows_(thumbprint);
        if (!known) return std::move(known).error();
        if (*known) continue;
        return Error{Fault::not_found,
                     "The profile pins an authority that this device does not have: send its certificate first "
                     "(RootCATrustedCertificates).",
                     thumbprint};
    }
    auto keys = registry_.keys(our_networks);
    if (!keys) return std::move(keys).error();
    for (const auto& each : *keys) {
        const auto place = std::string(our_networks) + "\\" + each;
        if (registry_.text(place, "Name") != managed.profile->name || registry_.text(place, "Key") == key) continue;
        return Error{Fault::exists, "Another network of this server's has the same name in its profile.",
                     managed.profile->name};
    }
    return {};
}

// What is going to be replaced is kept first, with its key as Windows has sealed it.
Outcome WindowsWifi::remember(std::string_view key, const std::string& name, const std::vector<std::string>& adapters) {
    const auto place = place_of(key);
    std::vector<Setting> settings = {{place, "Key", text_value(key)}, {place, "Name", text_value(name)}};
    for (const auto& adapter : adapters) {
        auto before = calls_.profile(adapter, name, WlanCalls::Key::sealed);
        if (!before) return std::move(before).error();
        if (*before) settings.push_back({place, std::string(before_mark) + adapter, text_value(**before)});
    }
    return registry_.apply(settings);
}

Outcome WindowsWifi::put_back(const Ours& ours, const std::vector<std::string>& adapters) {
    Outcome worst;
    for (const auto& adapter : adapters) {
        const auto before = ours.before.find(adapter);
        auto done =
            before == ours.before.end() ? calls_.erase(adapter, ours.name) : calls_.set(adapter, before->second);
        if (!done) worst = std::move(done);
    }
    return worst;
}

Outcome WindowsWifi::forget(std::string_view key) {
    const auto place = place_of(key);
    auto values = registry_.values(place);
    if (!values) return std::move(values).error();
    constexpr std::size_t keys_of_ours = 3;
    std::vector<Setting> settings;
    for (const auto& name : *values) settings.push_back({place, name, std::nullopt, keys_of_ours});
    return registry_.apply(settings);
}

// What nobody asks for any more is the default again.
Outcome WindowsWifi::set_costs(std::string_view key, const WifiNetwork& managed, bool was_set,
                               const std::vector<std::string>& adapters) {
    if (!managed.cost && !was_set) return {};
    Setting mark{place_of(key), "Cost", std::nullopt};
    if (managed.cost) mark.value = text_value("set");
    RegistryChange change(registry_);
    if (auto marked = change.apply({&mark, 1}); !marked) return marked;
    for (const auto& adapter : adapters) {
        const int cost = managed.cost ? windows_cost(*managed.cost) : 0;
        if (auto set = calls_.set_cost(adapter, managed.profile->name, cost); !set) return set;
    }
    change.keep();
    return {};
}

Outcome WindowsWifi::write(std::string_view key, const WifiNetwork& managed) {
    if (!managed.profile) {
        return Error{Fault::incomplete,
                     "A wireless network needs its profile (WlanXml) before anything else can be said of it.",
                     std::string(key)};
    }
    auto adapters = calls_.interfaces();
    if (!adapters) return std::move(adapters).error();
    if (auto can = possible(key, managed, *adapters); !can) return can;
    auto old = ours(key);
    if (!old) return std::move(old).error();
    if (*old && (*old)->name != managed.profile->name) {
        if (auto erased = erase(key); !erased) return erased;
        old = std::optional<Ours>();
    }
    std::optional<WifiNetwork> now;
    if (*old) {
        auto found = present(**old);
        if (!found) return std::move(found).error();
        now = std::move(*found);
        const bool same_cost =
            managed.cost ? now && now->cost == cost_of(windows_cost(*managed.cost)) : !(*old)->cost_set;
        if (now && now->profile == managed.profile && same_cost) return {};
    } else if (auto kept = remember(key, managed.profile->name, *adapters); !kept) {
        return kept;
    }
    const auto document = wlan_profile_with_key(*managed.profile);
    Outcome done;
    for (const auto& adapter : *adapters) {
        if (done) done = calls_.set(adapter, document);
    }
    if (done) done = set_costs(key, managed, *old && (*old)->cost_set, *adapters);
    if (done) return done;
    // Back to our own network from before, or to what stood there before us.
    if (now && now->profile) {
        const auto was = wlan_profile_with_key(*now->profile);
        for (const auto& adapter : *adapters) (void)calls_.set(adapter, was);
    } else if (!*old) {
        (void)erase(key);
    }
    return done;
}

Outcome WindowsWifi::erase(std::string_view key) {
    auto found = ours(key);
    if (!found) return std::move(found).error();
    if (!*found) return {};
    auto adapters = calls_.interfaces();
    // Without the service there is nothing of ours, so that a device that lost it can still be left.
    if (!adapters && adapters.error().fault != Fault::unsupported) return std::move(adapters).error();
    if (adapters) {
        if (auto back = put_back(**found, *adapters); !back) return back;
    }
    return forget(key);
}

}  // namespace steward::platform
