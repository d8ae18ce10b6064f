#include "platform/windows/recovery_keys.h"

#include <array>
#include <optional>
#include <string_view>

#include "platform/base/bytes.h"
#include "platform/base/text.h"

namespace steward::platform {
namespace {

// One value, so that it is old or new as a whole.
const std::string key = R"(SOFTWARE\Steward\RecoveryKeys)";
const std::string value_name = "State";
constexpr std::array<std::string_view, 4> stages = {"adding", "ready", "received", "leaving"};
constexpr std::array<std::string_view, 4> states = {"passed", "pending", "not-started", "failed"};

template <std::size_t N>
std::optional<std::size_t> index_of(const std::array<std::string_view, N>& names, std::string_view name) {
    for (std::size_t i = 0; i < N; ++i) {
        if (names.at(i) == name) return i;
    }
    return std::nullopt;
}

std::optional<HeldPassword> password_of(const std::vector<std::string_view>& parts) {
    if (parts.size() != 6) return std::nullopt;
    const auto stage = index_of(stages, parts[2]);
    if (!stage || parts[1].empty()) return std::nullopt;
    return HeldPassword{std::string(parts[1]), static_cast<HeldPassword::Stage>(*stage), std::string(parts[3]),
                        std::string(parts[4]), std::string(parts[5])};
}

std::optional<Rotation> rotation_of(const std::vector<std::string_view>& parts) {
    if (parts.size() != 4) return std::nullopt;
    const auto state = index_of(states, parts[1]);
    auto request = from_base64(parts[2]), reason = from_base64(parts[3]);
    if (!state || !request || !reason) return std::nullopt;
    return Rotation{static_cast<Rotation::State>(*state), std::move(*request), std::move(*reason)};
}

}  // namespace

Result<HeldPasswords> load_passwords(const Registry& registry) {
    HeldPasswords passwords;
    auto value = registry.find(key, value_name);
    if (!value) return std::move(value).error();
    if (!*value) return passwords;
    const Error damaged{
        Fault::io, "The list of recovery passwords is damaged; no protector is touched until it is put right.", key};
    const auto text = text_in(**value);
    if (!text) return damaged;
    for (const auto line : split(*text, '\n')) {
        if (line.empty()) continue;
        const auto parts = split(line, ' ');
        if (auto password = parts[0] == "key" ? password_of(parts) : std::nullopt) {
            passwords.all.push_back(std::move(*password));
        } else if (auto rotation = parts[0] == "rotation" ? rotation_of(parts) : std::nullopt) {
            passwords.rotation = std::move(*rotation);
        } else {
            return damaged;
        }
    }
    return passwords;
}

Outcome save_passwords(Registry& registry, const HeldPasswords& passwords) {
    std::string text = "rotation " + std::string(states.at(static_cast<std::size_t>(passwords.rotation.state))) + " " +
                       to_base64(passwords.rotation.request) + " " + to_base64(passwords.rotation.reason) + "\n";
    for (const auto& password : passwords.all) {
        text += "key " + password.id + " " + std::string(stages.at(static_cast<std::size_t>(password.stage))) + " " +
                password.device + " " + password.letter + " " + password.sealed + "\n";
    }
    const Setting setting{key, value_name, text_value(text)};
    return registry.apply({&setting, 1});
}

}  // namespace steward::platform
