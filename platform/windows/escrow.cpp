#include "platform/windows/escrow.h"

#include <windows.h>

#include <algorithm>
#include <utility>

#include "platform/base/bytes.h"
#include "platform/base/certificate.h"
#include "platform/base/digest.h"

namespace steward::platform {
namespace {

using Stage = HeldPassword::Stage;

void forget(std::string& secret) {
    ::SecureZeroMemory(secret.data(), secret.size());
}

const BitLockerVolume* volume_of(const std::vector<BitLockerVolume>& volumes, const HeldPassword& held) {
    const auto found = std::find_if(volumes.begin(), volumes.end(),
                                    [&](const BitLockerVolume& volume) { return volume.device == held.device; });
    return found == volumes.end() ? nullptr : &*found;
}

const KeyProtector* protector_of(const BitLockerVolume& volume, const HeldPassword& held) {
    const auto found =
        std::find_if(volume.protectors.begin(), volume.protectors.end(), [&](const KeyProtector& protector) {
            return protector.kind == BitLocker::recovery_password && protector.name == held.name();
        });
    return found == volume.protectors.end() ? nullptr : &*found;
}

}  // namespace

std::string recovery_password_of(std::string_view bytes) {
    std::string text;
    for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
        const unsigned high = static_cast<unsigned char>(bytes[i]), low = static_cast<unsigned char>(bytes[i + 1]);
        const auto group = std::to_string((high * 256 + low) * 11);
        text += (text.empty() ? "" : "-") + std::string(6 - group.size(), '0') + group;
    }
    return text;
}

Result<std::string> WindowsEscrow::usable_certificate() const {
    auto certificate = certificate_();
    if (!certificate) return certificate;
    const auto facts = read_certificate(*certificate);
    if (!facts) return Error{facts.error().fault, "The escrow certificate is none: " + facts.error().what, {}};
    if (facts->not_after < clock_.now()) return Error{Fault::invalid, "The escrow certificate has expired.", {}};
    return certificate;
}

Result<BitLockerVolume> WindowsEscrow::system_volume() const {
    auto volumes = bit_locker_.volumes();
    if (!volumes) return std::move(volumes).error();
    for (auto& volume : *volumes) {
        if (volume.type != 0) continue;
        if (!volume.conversion || *volume.conversion == Conversion::decrypted) {
            return Error{Fault::unsupported,
                         "BitLocker does not encrypt the system volume, so that there is nothing to recover.",
                         volume.letter};
        }
        if (*volume.conversion == Conversion::decrypting || *volume.conversion == Conversion::decryption_paused) {
            return Error{Fault::busy, "The system volume is being decrypted.", volume.letter};
        }
        return std::move(volume);
    }
    return Error{Fault::not_found, "The system volume can't be found.", {}};
}

// A new password, sealed before anything is done to the disk.
Result<WindowsEscrow::Fresh> WindowsEscrow::prepare(const BitLockerVolume& volume) const {
    auto certificate = usable_certificate();
    if (!certificate) return std::move(certificate).error();
    constexpr std::size_t secret_bytes = 16, id_bytes = 8;
    Fresh fresh;
    fresh.held.id = to_hex(random_bytes(id_bytes));
    fresh.held.device = volume.device;
    fresh.held.letter = volume.letter;
    fresh.password = recovery_password_of(random_bytes(secret_bytes));
    auto sealed = seal_message(fresh.password, *certificate);
    if (!sealed) return std::move(sealed).error();
    fresh.held.sealed = to_base64(*sealed);
    return fresh;
}

Outcome WindowsEscrow::install(const BitLockerVolume& volume, const Fresh& fresh) {
    auto protector = bit_locker_.add_recovery(volume, fresh.held.name(), fresh.password);
    if (!protector) return std::move(protector).error();
    auto kept = bit_locker_.recovery(volume, *protector);
    if (!kept) return std::move(kept).error();
    const bool same = *kept == fresh.password;
    forget(*kept);
    if (!same)
        return Error{Fault::io, "BitLocker does not keep the recovery password that it was given.", volume.letter};
    return {};
}

Outcome WindowsEscrow::rotate(const std::string& request) {
    if (auto resumed = resume(); !resumed) return resumed;
    auto held = load_passwords(registry_);
    if (!held) return std::move(held).error();
    held->rotation = {Rotation::State::pending, request, ""};
    auto volume = system_volume();
    if (!volume) return failed(std::move(*held), volume.error());
    auto fresh = prepare(*volume);
    if (!fresh) return failed(std::move(*held), fresh.error());
    auto done = carry_out(std::move(*held), *volume, *fresh);
    forget(fresh->password);
    return done;
}

Outcome WindowsEscrow::carry_out(HeldPasswords held, const BitLockerVolume& volume, const Fresh& fresh) {
    held.all.push_back(fresh.held);
    if (auto saved = save_passwords(registry_, held); !saved) return saved;
    Outcome done = install(volume, fresh);
    if (done) {
        for (auto& password : held.all) {
            // What no server has said to have received is worth nothing beside the new one; what it has stays.
            if (password.device == volume.device && password.stage == Stage::ready) password.stage = Stage::leaving;
            if (password.stage == Stage::adding) password.stage = Stage::ready;
        }
        held.rotation.state = Rotation::State::passed;
        done = save_passwords(registry_, held);
    }
    // What the registry says now decides: forward when the new state was written, back when it was not.
    const auto tidied = roll_back(done ? "" : done.error().what);
    if (!done && !tidied) {
        Error error = done.error();
        error.what += " What was done before could not be taken back yet: " + tidied.error().what;
        return error;
    }
    return done;
}

// Nothing was done to the disk.
Outcome WindowsEscrow::failed(HeldPasswords held, const Error& error) {
    held.rotation.state = Rotation::State::failed;
    held.rotation.reason = error.what;
    if (auto saved = save_passwords(registry_, held); !saved) return saved;
    return error;
}

Outcome WindowsEscrow::take_away(const HeldPassword& password, const std::vector<BitLockerVolume>& volumes) {
    const auto* volume = volume_of(volumes, password);
    if (volume == nullptr) return {};  // another disk: nothing of ours is in it
    for (const auto& protector : volume->protectors) {
        if (protector.kind != BitLocker::recovery_password || protector.name != password.name()) continue;
        if (auto erased = bit_locker_.erase(*volume, protector.id); !erased) return erased;
    }
    return {};
}

Outcome WindowsEscrow::roll_back(const std::string& reason) {
    auto held = load_passwords(registry_);
    if (!held) return std::move(held).error();
    const bool something = std::any_of(held->all.begin(), held->all.end(), [](const HeldPassword& password) {
        return password.stage == Stage::adding || password.stage == Stage::leaving;
    });
    bool changed = held->rotation.state == Rotation::State::pending;
    if (!something && !changed) return {};
    auto volumes = bit_locker_.volumes();
    if (!volumes) return std::move(volumes).error();
    Outcome worst;
    std::vector<HeldPassword> stay;
    for (auto& password : held->all) {
        if (password.stage == Stage::adding || password.stage == Stage::leaving) {
            auto gone = take_away(password, *volumes);
            if (gone) {
                changed = true;
                continue;
            }
            worst = std::move(gone);
        }
        stay.push_back(std::move(password));
    }
    if (!changed) return worst;
    held->all = std::move(stay);
    if (held->rotation.state == Rotation::State::pending) {
        held->rotation.state = Rotation::State::failed;
        held->rotation.reason = reason.empty() ? "The rotation was interrupted and has been taken back." : reason;
    }
    if (auto saved = save_passwords(registry_, *held); !saved) return saved;
    return worst;
}

Outcome WindowsEscrow::resume() {
    return roll_back("");
}

Outcome WindowsEscrow::received(std::string_view id) {
    auto held = load_passwords(registry_);
    if (!held) return std::move(held).error();
    const auto found = std::find_if(held->all.begin(), held->all.end(), [&](const HeldPassword& password) {
        return password.id == id && (password.stage == Stage::ready || password.stage == Stage::received);
    });
    if (found == held->all.end()) return Error{Fault::not_found, "There is no such recovery key.", std::string(id)};
    auto volumes = bit_locker_.volumes();
    if (!volumes) return std::move(volumes).error();
    const auto* volume = volume_of(*volumes, *found);
    if (volume == nullptr || protector_of(*volume, *found) == nullptr) {
        return Error{Fault::not_found, "Somebody took this recovery password away: the older ones stay.",
                     found->letter};
    }
    found->stage = Stage::received;
    for (auto password = held->all.begin(); password != found; ++password) {
        if (password->device == found->device) password->stage = Stage::leaving;
    }
    if (auto saved = save_passwords(registry_, *held); !saved) return saved;
    return roll_back("");
}

Result<Rotation> WindowsEscrow::last() {
    auto held = load_passwords(registry_);
    if (!held) return std::move(held).error();
    return std::move(held->rotation);
}

Result<std::vector<std::string>> WindowsEscrow::names() {
    const auto held = load_passwords(registry_);
    if (!held) return held.error();
    std::vector<std::string> names;
    for (const auto& password : held->all) {
        if (password.stage == Stage::ready || password.stage == Stage::received) names.push_back(password.id);
    }
    return names;
}

Result<RecoveryKey> WindowsEscrow::read(std::string_view id) {
    const auto held = load_passwords(registry_);
    if (!held) return held.error();
    for (const auto& password : held->all) {
        if (password.id != id || (password.stage != Stage::ready && password.stage != Stage::received)) continue;
        RecoveryKey found;
        found.device = password.letter;
        found.volume = password.device;
        found.sealed = password.sealed;
        found.state = password.stage == Stage::ready ? "waiting" : "received";
        const auto volumes = bit_locker_.volumes();
        const auto* volume = volumes ? volume_of(*volumes, password) : nullptr;
        if (!volumes) found.state = "unknown";
        if (volumes && (volume == nullptr || protector_of(*volume, password) == nullptr)) found.state = "gone";
        return found;
    }
    return Error{Fault::not_found, "There is no such recovery key.", std::string(id)};
}

Outcome WindowsEscrow::write(std::string_view, const RecoveryKey&) {
    return Error{Fault::refused, "Recovery keys are made here, not set.", ""};
}

Outcome WindowsEscrow::erase(std::string_view) {
    return Error{Fault::refused, "A recovery key goes when a newer one has been received.", ""};
}

}  // namespace steward::platform
