// The registry of a device below one key: HKEY_LOCAL_MACHINE for the machine itself, a private key for tests. Paths are
// those below HKEY_LOCAL_MACHINE in both: "SOFTWARE\Policies\Microsoft\FVE". They are UTF-8, as names are.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/result.h"
#include "platform/windows/registry_calls.h"
#include "platform/windows/registry_value.h"

namespace steward::platform {

// What one value is to hold; nullopt: it is not to exist.
struct Setting {
    std::string key, name;
    std::optional<RegistryValue> value;
    std::size_t prune = 0;  // so many keys, from its own upwards, are taken away with it, once they are empty
};

class Registry {
  public:
    // `root` is the path below `hive` that all paths begin at; empty: the hive itself.
    explicit Registry(HKEY hive = HKEY_LOCAL_MACHINE, std::string root = {}, RegistryCalls& calls = registry_calls())
        : hive_(hive), root_(std::move(root)), calls_(calls) {}

    // What is not there is nullopt, not an error.
    Result<std::optional<RegistryValue>> find(std::string_view key, std::string_view name) const;
    Result<bool> has_key(std::string_view key) const;
    Result<std::vector<std::string>> values(std::string_view key) const;  // names, sorted; none: no such key
    Result<std::vector<std::string>> keys(std::string_view key) const;    // likewise

    // nullopt also where it can't be read or is of another type. For facts.
    std::optional<std::uint32_t> number(std::string_view key, std::string_view name) const;
    std::optional<std::string> text(std::string_view key, std::string_view name) const;

    Outcome apply(std::span<const Setting> settings);  // all or none, durable on return; touches only what differs

  private:
    friend class RegistryChange;
    std::wstring full(std::string_view key) const;

    HKEY hive_;
    std::string root_;
    RegistryCalls& calls_;
};

// Several steps that stay together: unless keep() is called, all of them are undone at the end. What a power cut leaves
// are values that are each old or new.
class RegistryChange {
  public:
    explicit RegistryChange(Registry& registry) : registry_(registry) {}
    ~RegistryChange() { undo(); }
    RegistryChange(const RegistryChange&) = delete;
    RegistryChange& operator=(const RegistryChange&) = delete;

    Outcome apply(std::span<const Setting> settings);  // in this order, durable on return
    bool any() const { return !done_.empty(); }        // something was changed
    void keep() { done_.clear(); }
    void undo();

  private:
    struct Step {
        enum class What { value, key_made, key_gone };
        What what = What::value;
        std::string key, name;
        std::optional<RegistryValue> before;
    };

    Outcome one(const Setting& setting, bool& changed);
    Outcome make_key(const std::string& key);
    Outcome prune(const Setting& setting);

    Registry& registry_;
    std::vector<Step> done_;
};

// "SOFTWARE\A\B" without its last part; empty above the first one.
std::string key_above(std::string_view key);

}  // namespace steward::platform
