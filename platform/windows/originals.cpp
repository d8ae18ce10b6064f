#include "platform/windows/originals.h"

#include <algorithm>
#include <cstring>
#include <set>
#include <utility>

#include "platform/base/text.h"

namespace steward::platform {
namespace {

constexpr std::string_view above = "SOFTWARE\\Steward\\Originals\\";
constexpr std::size_t keys_of_ours = 3;  // Steward, Originals and the owner's
constexpr std::uint32_t absent = 0xFFFFFFFF;
constexpr std::size_t head = 2 * sizeof(std::uint32_t);

std::string entry_name(std::string_view key, std::string_view name) {
    return std::string(key) + "|" + std::string(name);
}

// The type, the number of keys that were missing, and the bytes of the value.
RegistryValue packed(const std::optional<RegistryValue>& value, std::size_t made) {
    const std::uint32_t numbers[2] = {value ? value->type : absent, static_cast<std::uint32_t>(made)};
    std::string data(reinterpret_cast<const char*>(numbers), head);
    if (value) data += value->data;
    return binary(data);
}

}  // namespace

Originals::Originals(Registry& registry, const std::string& owner)
    : registry_(registry), place_(std::string(above) + owner) {}

Result<std::vector<Originals::Entry>> Originals::entries() const {
    std::vector<Entry> found;
    auto names = registry_.values(place_);
    if (!names) return std::move(names).error();
    for (const auto& name : *names) {
        auto value = registry_.find(place_, name);
        if (!value) return std::move(value).error();
        const auto cut = name.find('|');
        if (cut == std::string::npos || !*value || (*value)->data.size() < head) {
            return Error{Fault::io, "The registry's record of what stood there before Steward is damaged.",
                         place_ + "\\" + name};
        }
        std::uint32_t numbers[2] = {};
        std::memcpy(numbers, (*value)->data.data(), head);
        Entry entry{name.substr(0, cut), name.substr(cut + 1), std::nullopt, numbers[1]};
        if (numbers[0] != absent) entry.value = RegistryValue{numbers[0], (*value)->data.substr(head)};
        found.push_back(std::move(entry));
    }
    return found;
}

Result<bool> Originals::manages(std::string_view key, std::string_view name) const {
    auto value = registry_.find(place_, entry_name(key, name));
    if (!value) return std::move(value).error();
    return value->has_value();
}

// Those that are missing, and those that are there because we made them for another value.
Result<std::size_t> Originals::keys_to_make(std::string_view key, std::span<const Entry> entries) const {
    std::set<std::string, std::less<>> made;
    for (const auto& entry : entries) {
        auto path = entry.key;
        for (auto left = entry.made; left > 0 && !path.empty(); --left, path = key_above(path)) made.insert(path);
    }
    std::size_t count = 0;
    for (std::string path(key); !path.empty(); path = key_above(path), ++count) {
        if (made.contains(path)) continue;
        auto there = registry_.has_key(path);
        if (!there) return std::move(there).error();
        if (*there) break;
    }
    return count;
}

Result<Originals::Plan> Originals::plan(std::span<const Setting> wanted) const {
    auto entries = this->entries();
    if (!entries) return std::move(entries).error();
    Plan plan;
    for (const auto& setting : wanted) {
        const bool known = std::any_of(entries->begin(), entries->end(), [&](const Entry& entry) {
            return entry.key == setting.key && entry.name == setting.name;
        });
        if (!known) {
            auto before = registry_.find(setting.key, setting.name);
            if (!before) return std::move(before).error();
            auto made = keys_to_make(setting.key, *entries);
            if (!made) return std::move(made).error();
            plan.remember.push_back({place_, entry_name(setting.key, setting.name), packed(*before, *made)});
        }
        plan.values.push_back({setting.key, setting.name, setting.value});
    }
    for (auto& entry : *entries) {
        const bool still = std::any_of(wanted.begin(), wanted.end(), [&](const Setting& setting) {
            return entry.key == setting.key && entry.name == setting.name;
        });
        if (still) continue;
        plan.forget.push_back({place_, entry_name(entry.key, entry.name), std::nullopt, keys_of_ours});
        plan.values.push_back({std::move(entry.key), std::move(entry.name), std::move(entry.value), entry.made});
    }
    return plan;
}

Outcome Originals::manage(std::span<const Setting> wanted, RegistryChange& change) const {
    auto plan = this->plan(wanted);
    if (!plan) return std::move(plan).error();
    // What stood there is durable before it is changed, and forgotten after it has returned.
    for (const auto* stage : {&plan->remember, &plan->values, &plan->forget}) {
        if (auto applied = change.apply(*stage); !applied) return applied;
    }
    return {};
}

Outcome Originals::manage(std::span<const Setting> wanted) {
    RegistryChange change(registry_);
    if (auto managed = manage(wanted, change); !managed) return managed;
    change.keep();
    return {};
}

}  // namespace steward::platform
