#include "platform/linux/escrow.h"

#include <string.h>

#include <algorithm>
#include <set>
#include <utility>

#include "platform/base/bytes.h"
#include "platform/base/certificate.h"
#include "platform/base/digest.h"
#include "platform/linux/conf_file.h"
#include "platform/linux/volumes.h"

namespace steward::platform {
namespace {

using Stage = HeldKey::Stage;

constexpr std::string_view configuration = "/etc/steward/encryption.conf";
constexpr std::size_t longest_key_file = 65536;
constexpr int fewest_iterations = 1000;  // the key has 256 bits of its own, as systemd's

void forget(std::string& secret) {
    ::explicit_bzero(secret.data(), secret.size());
}

bool ours(const LuksFacts& header, const HeldKey& key) {
    const auto* slot = header.slot(key.slot);
    return slot != nullptr && slot->kdf == "pbkdf2" && slot->iterations == key.iterations && header.uuid == key.uuid;
}

// The highest free slot: people and other tools take the lowest.
int free_slot(const LuksFacts& header) {
    for (int slot = header.most_slots - 1; slot >= 0; --slot) {
        if (header.slot(slot) == nullptr) return slot;
    }
    return -1;
}

int some_iterations() {
    const auto bytes = random_bytes(2);
    return fewest_iterations + (static_cast<unsigned char>(bytes[0]) & 15) * 256 + static_cast<unsigned char>(bytes[1]);
}

}  // namespace

std::string recovery_key_of(std::string_view bytes) {
    constexpr std::string_view letters = "cbdefghijklnrtuv";
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const auto byte = static_cast<unsigned char>(bytes[i]);
        if (i != 0 && i % 4 == 0) text += '-';
        text += letters[byte >> 4];
        text += letters[byte & 15];
    }
    return text;
}

Result<LinuxEscrow::Means> LinuxEscrow::means() const {
    const auto text = files_.find(configuration);
    if (!text) return text.error();
    const ConfFile file(ConfFile::Style::equals, *text);
    const auto key_file = file.value("unlock-key-file").value_or("");
    const auto certificate_file = file.value("escrow-certificate").value_or("");
    if (key_file.empty()) {
        return Error{Fault::unsupported,
                     "No recovery key can be made: Steward knows no passphrase of this disk, and no unlock-key-file is "
                     "named in its configuration.",
                     std::string(configuration)};
    }
    if (certificate_file.empty()) {
        return Error{
            Fault::unsupported,
            "No recovery key can be made: there is nobody to seal it for, as no escrow-certificate is named in "
            "the configuration.",
            std::string(configuration)};
    }
    const auto about = files_.stat(key_file);
    if (!about) return Error{about.error().fault, "The unlocking key can't be found.", key_file};
    if ((about->st_mode & 077) != 0) {
        return Error{Fault::denied, "The unlocking key can be read by others than root: take those rights away first.",
                     key_file};
    }
    Means means;
    auto unlocking = files_.read(key_file, longest_key_file);
    if (!unlocking) return std::move(unlocking).error();
    means.unlocking = std::move(*unlocking);
    auto certificate = files_.read(certificate_file);
    if (!certificate) return std::move(certificate).error();
    const auto facts = read_certificate(*certificate);
    if (!facts)
        return Error{facts.error().fault, "The escrow certificate is none: " + facts.error().what, certificate_file};
    if (facts->not_after < clock_.now())
        return Error{Fault::invalid, "The escrow certificate has expired.", certificate_file};
    means.certificate = std::move(*certificate);
    return means;
}

// A new key for each LUKS2 container below the system volume, sealed before anything is done to the disk.
Result<std::vector<LinuxEscrow::Fresh>> LinuxEscrow::prepare(const EscrowState& state, const Means& means) {
    const auto volumes = find_volumes(files_, luks_);
    if (!volumes) return volumes.error();
    std::vector<Fresh> all;
    std::set<std::string> devices;
    for (const auto& volume : *volumes) {
        if (volume.key != "/") continue;
        for (const auto& layer : volume.layers) {
            if (!layer.device.empty() && layer.kind.starts_with("LUKS")) devices.insert(layer.device);
        }
    }
    if (devices.empty()) {
        return Error{Fault::unsupported,
                     "The system volume lies in no LUKS container, so that there is nothing to recover.", ""};
    }
    for (const auto& device : devices) {
        const auto header = luks_.read(device);
        if (!header) return header.error();
        if (header->version != 2) {
            return Error{Fault::unsupported,
                         "LUKS1 has no place to mark a recovery key: convert the header to LUKS2 first.", device};
        }
        if (header->converting) return Error{Fault::busy, "The volume is being encrypted or decrypted.", device};
        Fresh fresh;
        fresh.key.slot = free_slot(*header);
        if (fresh.key.slot < 0) return Error{Fault::full, "All key slots of the volume are taken.", device};
        fresh.key.id = to_hex(random_bytes(8));
        fresh.key.uuid = header->uuid;
        fresh.key.device = device;
        do {
            fresh.key.iterations = some_iterations();
        } while (std::any_of(state.keys.begin(), state.keys.end(),
                             [&](const HeldKey& key) { return key.iterations == fresh.key.iterations; }));
        fresh.secret = recovery_key_of(random_bytes(32));
        auto sealed = seal_message(fresh.secret, means.certificate);
        if (!sealed) return std::move(sealed).error();
        fresh.key.sealed = to_base64(*sealed);
        all.push_back(std::move(fresh));
    }
    return all;
}

Outcome LinuxEscrow::install(const Fresh& fresh, const Means& means) {
    const auto& key = fresh.key;
    if (auto added = luks_.add(key.device, key.slot, key.iterations, means.unlocking, fresh.secret); !added)
        return added;
    const auto opens = luks_.opens(key.device, key.slot, fresh.secret);
    if (!opens) return opens.error();
    if (!*opens) return Error{Fault::io, "The new recovery key does not open the volume.", key.device};
    return luks_.mark(key.device, key.slot, key.id);
}

Outcome LinuxEscrow::rotate(const std::string& request) {
    if (auto resumed = resume(); !resumed) return resumed;
    auto state = load_escrow(files_);
    if (!state) return std::move(state).error();
    state->rotation = {Rotation::State::pending, request, ""};
    auto means = this->means();
    if (!means) return failed(std::move(*state), means.error());
    auto fresh = prepare(*state, *means);
    if (!fresh) {
        forget(means->unlocking);
        return failed(std::move(*state), fresh.error());
    }
    auto done = carry_out(std::move(*state), std::move(*fresh), *means);
    forget(means->unlocking);
    return done;
}

Outcome LinuxEscrow::carry_out(EscrowState state, std::vector<Fresh> fresh, const Means& means) {
    for (const auto& each : fresh) state.keys.push_back(each.key);
    if (auto saved = save_escrow(files_, state); !saved) return saved;

    Outcome done;
    for (auto& each : fresh) {
        if (done) done = install(each, means);
        forget(each.secret);
    }
    if (done) {
        for (auto& key : state.keys) {
            const bool same =
                std::any_of(fresh.begin(), fresh.end(), [&](const Fresh& each) { return each.key.uuid == key.uuid; });
            // What no server has said to have received is worth nothing beside the new one; what it has stays.
            if (same && key.stage == Stage::ready) key.stage = Stage::leaving;
            if (key.stage == Stage::adding) key.stage = Stage::ready;
        }
        state.rotation.state = Rotation::State::passed;
        done = save_escrow(files_, state);
    }
    // What the file says now decides: forward when the new state was written, back when it was not.
    const auto tidied = roll_back(done ? "" : done.error().what);
    if (!done && !tidied) {
        Error error = done.error();
        error.what += " What was done before could not be taken back yet: " + tidied.error().what;
        return error;
    }
    return done;
}

// Nothing was done to the disk.
Outcome LinuxEscrow::failed(EscrowState state, const Error& error) {
    state.rotation.state = Rotation::State::failed;
    state.rotation.reason = error.what;
    if (auto saved = save_escrow(files_, state); !saved) return saved;
    return error;
}

Outcome LinuxEscrow::take_away(const HeldKey& key) {
    auto header = luks_.read(key.device);
    if (!header) return std::move(header).error();
    if (header->uuid != key.uuid) return {};  // another header: nothing of ours is in it
    const bool mine = ours(*header, key);
    if (mine && header->slots.size() == 1) {
        return Error{Fault::refused, "The recovery key is the only key that is left, and stays.", key.device};
    }
    if (mine) {
        if (auto erased = luks_.erase_slot(key.device, key.slot); !erased) return erased;
    }
    for (const auto& token : header->tokens) {
        if (token.mark != key.id) continue;
        const bool others =
            std::any_of(token.slots.begin(), token.slots.end(), [&](int slot) { return !mine || slot != key.slot; });
        if (others) continue;
        if (auto erased = luks_.erase_token(key.device, token.number); !erased) return erased;
    }
    return {};
}

Outcome LinuxEscrow::roll_back(const std::string& reason) {
    auto state = load_escrow(files_);
    if (!state) return std::move(state).error();
    Outcome worst;
    std::vector<HeldKey> stay;
    bool changed = state->rotation.state == Rotation::State::pending;
    for (auto& key : state->keys) {
        if (key.stage == Stage::adding || key.stage == Stage::leaving) {
            auto gone = take_away(key);
            if (gone) {
                changed = true;
                continue;
            }
            worst = std::move(gone);
        }
        stay.push_back(std::move(key));
    }
    if (!changed) return worst;
    state->keys = std::move(stay);
    if (state->rotation.state == Rotation::State::pending) {
        state->rotation.state = Rotation::State::failed;
        state->rotation.reason = reason.empty() ? "The rotation was interrupted and has been taken back." : reason;
    }
    if (auto saved = save_escrow(files_, *state); !saved) return saved;
    return worst;
}

Outcome LinuxEscrow::resume() {
    if (auto back = roll_back(""); !back) return back;
    return tidy_escrow(files_);
}

Outcome LinuxEscrow::received(std::string_view id) {
    auto state = load_escrow(files_);
    if (!state) return std::move(state).error();
    const auto found = std::find_if(state->keys.begin(), state->keys.end(), [&](const HeldKey& key) {
        return key.id == id && (key.stage == Stage::ready || key.stage == Stage::received);
    });
    if (found == state->keys.end()) return Error{Fault::not_found, "There is no such recovery key.", std::string(id)};
    const auto header = luks_.read(found->device);
    if (!header) return header.error();
    if (!ours(*header, *found)) {
        return Error{Fault::not_found, "Somebody took this recovery key's slot: the older ones stay.", found->device};
    }
    found->stage = Stage::received;
    for (auto key = state->keys.begin(); key != found; ++key) {
        if (key->uuid == found->uuid) key->stage = Stage::leaving;
    }
    if (auto saved = save_escrow(files_, *state); !saved) return saved;
    return roll_back("");
}

Result<Rotation> LinuxEscrow::last() {
    auto state = load_escrow(files_);
    if (!state) return std::move(state).error();
    return std::move(state->rotation);
}

Result<std::vector<std::string>> LinuxEscrow::names() {
    const auto state = load_escrow(files_);
    if (!state) return state.error();
    std::vector<std::string> names;
    for (const auto& key : state->keys) {
        if (key.stage == Stage::ready || key.stage == Stage::received) names.push_back(key.id);
    }
    return names;
}

Result<RecoveryKey> LinuxEscrow::read(std::string_view id) {
    const auto state = load_escrow(files_);
    if (!state) return state.error();
    for (const auto& key : state->keys) {
        if (key.id != id || (key.stage != Stage::ready && key.stage != Stage::received)) continue;
        RecoveryKey found;
        found.device = key.device;
        found.volume = key.uuid;
        found.slot = key.slot;
        found.sealed = key.sealed;
        found.state = key.stage == Stage::ready ? "waiting" : "received";
        const auto header = luks_.read(key.device);
        if (!header) found.state = "unknown";
        if (header && !ours(*header, key)) found.state = "gone";
        return found;
    }
    return Error{Fault::not_found, "There is no such recovery key.", std::string(id)};
}

Outcome LinuxEscrow::write(std::string_view, const RecoveryKey&) {
    return Error{Fault::refused, "Recovery keys are made here, not set.", ""};
}

Outcome LinuxEscrow::erase(std::string_view) {
    return Error{Fault::refused, "A recovery key goes when a newer one has been received.", ""};
}

}  // namespace steward::platform
