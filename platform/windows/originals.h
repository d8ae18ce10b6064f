// Values of the registry that a server manages, with what stood there before: it is kept beside, in the registry
// itself, so that a setting can be given back even when nothing else is left of us.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "platform/windows/registry.h"

namespace steward::platform {

class Originals {
  public:
    // `owner` names whose values these are: "Updates".
    Originals(Registry& registry, const std::string& owner);

    // Exactly these values are ours: those that were and are not named any more become what they were before us.
    Outcome manage(std::span<const Setting> wanted);
    // The same as a part of more: whoever calls keeps it.
    Outcome manage(std::span<const Setting> wanted, RegistryChange& change) const;

    Result<bool> manages(std::string_view key, std::string_view name) const;

  private:
    struct Entry {
        std::string key, name;
        std::optional<RegistryValue> value;
        std::size_t made = 0;  // keys that were missing, from its own upwards
    };
    struct Plan {
        std::vector<Setting> remember, values, forget;
    };

    Result<std::vector<Entry>> entries() const;
    Result<std::size_t> keys_to_make(std::string_view key, std::span<const Entry> entries) const;
    Result<Plan> plan(std::span<const Setting> wanted) const;

    Registry& registry_;
    std::string place_;
};

}  // namespace steward::platform
