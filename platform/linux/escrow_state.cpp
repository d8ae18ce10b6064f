#include "platform/linux/escrow_state.h"

#include <array>
#include <utility>

#include "platform/base/bytes.h"
#include "platform/base/text.h"

namespace steward::platform {
namespace {

constexpr std::string_view kept = "/var/lib/steward/recovery-keys";
constexpr std::array<std::string_view, 4> stages = {"adding", "ready", "received", "leaving"};
constexpr std::array<std::string_view, 4> states = {"passed", "pending", "not-started", "failed"};

template <std::size_t N>
std::optional<std::size_t> index_of(const std::array<std::string_view, N>& names, std::string_view name) {
    for (std::size_t i = 0; i < N; ++i) {
        if (names.at(i) == name) return i;
    }
    return std::nullopt;
}

std::optional<HeldKey> key_of(const std::vector<std::string_view>& parts) {
    if (parts.size() != 8) return std::nullopt;
    const auto stage = index_of(stages, parts[2]);
    const auto slot = to_integer(parts[5]), iterations = to_integer(parts[6]);
    if (!stage || !slot || !iterations || *slot < 0 || *slot > 31) return std::nullopt;
    if (*iterations < 1000 || *iterations > 1'000'000) return std::nullopt;
    return HeldKey{
        std::string(parts[1]),   static_cast<HeldKey::Stage>(*stage), std::string(parts[3]), std::string(parts[4]),
        static_cast<int>(*slot), static_cast<int>(*iterations),       std::string(parts[7])};
}

std::optional<Rotation> rotation_of(const std::vector<std::string_view>& parts) {
    if (parts.size() != 4) return std::nullopt;
    const auto state = index_of(states, parts[1]);
    auto request = from_base64(parts[2]), reason = from_base64(parts[3]);
    if (!state || !request || !reason) return std::nullopt;
    return Rotation{static_cast<Rotation::State>(*state), std::move(*request), std::move(*reason)};
}

}  // namespace

Result<EscrowState> load_escrow(const Files& files) {
    auto text = files.find(kept);
    if (!text) return std::move(text).error();
    EscrowState state;
    if (!*text) return state;
    for (const auto line : split(**text, '\n')) {
        if (line.empty() || line.front() == '#') continue;
        const auto parts = split(line, ' ');
        if (auto key = parts[0] == "key" ? key_of(parts) : std::nullopt) {
            state.keys.push_back(std::move(*key));
        } else if (auto rotation = parts[0] == "rotation" ? rotation_of(parts) : std::nullopt) {
            state.rotation = std::move(*rotation);
        } else {
            return Error{Fault::io,
                         "The list of recovery keys is damaged; no key slot is touched until it is put right.",
                         std::string(kept)};
        }
    }
    return state;
}

Outcome save_escrow(Files& files, const EscrowState& state) {
    std::string text =
        "# Recovery keys in key slots of their own, sealed for the escrow certificate. Written by Steward.\n";
    text += "rotation " + std::string(states.at(static_cast<std::size_t>(state.rotation.state))) + " " +
            to_base64(state.rotation.request) + " " + to_base64(state.rotation.reason) + "\n";
    for (const auto& key : state.keys) {
        text += "key " + key.id + " " + std::string(stages.at(static_cast<std::size_t>(key.stage))) + " " + key.uuid +
                " " + key.device + " " + std::to_string(key.slot) + " " + std::to_string(key.iterations) + " " +
                key.sealed + "\n";
    }
    const Change change{std::string(kept), std::move(text), 0600};
    return files.apply({&change, 1});
}

Outcome tidy_escrow(Files& files) {
    auto text = files.find(kept);
    if (!text) return std::move(text).error();
    const Change as_it_is{std::string(kept), std::move(*text), 0600};
    return files.apply({&as_it_is, 1});
}

}  // namespace steward::platform
