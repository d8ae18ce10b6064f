// BitLocker: how the disks are encrypted, whether that is enough, and recovery keys for an emergency. Nothing here
// encrypts a disk: where it has to be done, the status says what is open and why. Source: DDF BitLocker.
#include <utility>

#include "csp/csp.h"
#include "csp/drive_methods.h"
#include "platform/host.h"

namespace steward::csp {

using platform::Drive;
using platform::EncryptionRules;
using platform::Judgement;
using platform::RecoveryKey;
using platform::Rotation;
using platform::Volume;

namespace {

// Bits of DeviceEncryptionStatus.
enum StatusBit : int {
    system_method = 1 << 1,
    system_open = 1 << 2,
    backup_failed = 1 << 8,
    fixed_open = 1 << 9,
    fixed_method = 1 << 10
};
constexpr int general_failure = -2147467259;  // E_FAIL
constexpr std::size_t longest_request = 128;

struct Verdict {
    int device = 0;
    int removable = 0;
    std::string reasons;  // one sentence per finding
};

bool bare(const Volume& volume) {
    return volume.judgement == Judgement::open || volume.judgement == Judgement::unknown;
}

Result<Verdict> verdict(platform::Host& host) {
    auto rules = host.encryption.read();
    if (!rules) return std::move(rules).error();
    auto volumes = host.volumes.all();
    if (!volumes) return std::move(volumes).error();
    auto rotation = host.escrow.last();
    if (!rotation) return std::move(rotation).error();

    Verdict verdict;
    const auto find = [&](int bit, const std::string& key, const std::string& why) {
        verdict.device |= bit;
        verdict.reasons += (verdict.reasons.empty() ? "" : " ") + key + ": " + why;
    };
    const bool required = rules->required.value_or(false);
    const bool judged = rules->methods && !rules->methods->any;
    bool system_seen = false;
    for (const auto& [key, volume] : *volumes) {
        const bool system = volume.drive == Drive::system, removable = volume.drive == Drive::removable;
        const bool fixed = volume.drive == Drive::fixed || volume.drive == Drive::swap;
        system_seen = system_seen || system;
        if (required && bare(volume) && (system || fixed)) find(system ? system_open : fixed_open, key, volume.reason);
        if (!judged || volume.judgement != Judgement::encrypted || !(system || fixed || removable)) continue;
        const auto& wanted = system  ? rules->methods->system
                             : fixed ? rules->methods->fixed
                                     : rules->methods->removable;
        if (platform::method_of(volume) == wanted) continue;
        const auto why =
            "It is encrypted with " + volume.cipher.value_or("a cipher that can't be read") + ", not as asked.";
        find(system ? system_method : fixed ? fixed_method : 0, key, why);
        if (removable) verdict.removable = 1;
    }
    if (required && !system_seen) find(system_open, "/", "The system volume can't be found.");
    if (rotation->state == Rotation::State::failed) find(backup_failed, "Recovery key", rotation->reason);
    return verdict;
}

Field<Volume> told(std::string name, std::string about, std::function<std::optional<std::string>(const Volume&)> get) {
    Field<Volume> made;
    made.path = std::move(name);
    made.node.about = std::move(about);
    made.node.format = Format::chr;
    made.get = std::move(get);
    made.set = [](Volume&, const std::optional<std::string>&) -> Outcome {
        return Error{Fault::refused, "Volumes are observed, not set.", ""};
    };
    return made;
}

Field<EncryptionRules> methods() {
    return field("EncryptionMethodByDriveType", &EncryptionRules::methods,
                 "The cipher that each kind of drive has to be encrypted with.", drive_methods_text,
                 parse_drive_methods)
        .checked(drive_methods_expected, is_drive_methods)
        .reads_as([](std::string text) {
            const auto methods = parse_drive_methods(text);
            return methods ? drive_methods_text(*methods) : text;
        });
}

std::string number_of(const Rotation& rotation) {
    switch (rotation.state) {
        case Rotation::State::passed:
            return "0";
        case Rotation::State::pending:
            return "1";
        case Rotation::State::not_started:
            return "2";
        case Rotation::State::failed:
            return to_text(general_failure);
    }
    return to_text(general_failure);
}

}  // namespace

Csp bit_locker(platform::Host& host) {
    const auto of_verdict = [&host](auto member) {
        return [&host, member](const Keys&) -> Result<std::string> {
            auto found = verdict(host);
            if (!found) return std::move(found).error();
            return to_text((*found).*member);
        };
    };
    const auto of_rotation = [&host](auto text) {
        return [&host, text](const Keys&) -> Result<std::string> {
            auto last = host.escrow.last();
            if (!last) return std::move(last).error();
            return text(*last);
        };
    };
    return Csp("./Device/Vendor/MSFT/BitLocker", "How the disks of this device are encrypted.")
        .record<EncryptionRules>(
            host.encryption,
            {
                field("RequireDeviceEncryption", &EncryptionRules::required,
                      "Whether the system and all fixed drives have to be encrypted. It is judged, not done.")
                    .spelled("1", "0")
                    .one_of({{"0", "they need not be"}, {"1", "they have to be"}})
                    .otherwise(0)
                    .most_secure(Merge::highest),
                methods(),
            })
        .nodes({
            value("Status/DeviceEncryptionStatus", Format::integer,
                  "0: as asked; else the sum of 2 (cipher of the system), 4 (system open), 256 (no recovery key), "
                  "512 (a fixed drive open), 1024 (cipher of a fixed drive).",
                  of_verdict(&Verdict::device)),
            value("Status/RemovableDrivesEncryptionStatus", Format::integer,
                  "0: no removable drive is encrypted otherwise than asked; 1: one is.",
                  of_verdict(&Verdict::removable)),
            value("Status/Steward/Reasons", Format::chr, "What the two numbers mean on this device, in words.",
                  of_verdict(&Verdict::reasons)),
            value("Status/RotateRecoveryPasswordsStatus", Format::integer,
                  "Of the last rotation. 0: done; 1: under way; 2: there was none; else it failed.",
                  of_rotation(number_of)),
            value("Status/RotateRecoveryPasswordsRequestID", Format::chr, "The id of the last request to rotate.",
                  of_rotation([](const Rotation& rotation) { return rotation.request; })),
            action("RotateRecoveryPasswords",
                   "Gives the system volume a new recovery key; the data is the request's id.",
                   [&host](const Keys&, std::string_view argument) -> Result<Done> {
                       if (argument.size() > longest_request) {
                           return Error{Fault::invalid, "The id of a request has 128 characters at most.", ""};
                       }
                       auto rotated = host.escrow.rotate(std::string(argument));
                       if (!rotated) return std::move(rotated).error();
                       return Done::now;
                   })
                .format(Format::chr),
        })
        .inventory<Volume>(
            host.volumes, "Steward/Volumes/{Volume}",
            {
                told("Judgement", "encrypted, open, unknown, or exempt from the question.",
                     [](const Volume& volume) { return std::string(name_of(volume.judgement)); }),
                told("Drive", "system, fixed, removable, swap, boot or none.",
                     [](const Volume& volume) { return std::string(name_of(volume.drive)); }),
                told("Reason", "Why it is judged so.", [](const Volume& volume) { return volume.reason; }),
                field("Kind", &Volume::kind, "Of its encryption: LUKS2, LUKS1, plain, BitLocker."),
                field("Cipher", &Volume::cipher, "As aes-xts-plain64."),
                field("KeyBits", &Volume::key_bits, "Length of its key; XTS has two in one."),
                field("Kdf", &Volume::kdf, "How its key slots are made from passphrases."),
                field("KeySlots", &Volume::key_slots, "How many keys open it."),
                field("Tokens", &Volume::tokens, "What else its header says of them: systemd-tpm2, systemd-recovery."),
                field("EncryptedHomes", &Volume::homes,
                      "The people whose homes on it are encrypted by themselves (fscrypt), each with the cipher."),
            })
        .inventory<RecoveryKey>(
            host.recovery_keys, "Steward/RecoveryKeys/{KeyID}",
            {
                field("Device", &RecoveryKey::device, "Where the volume is."),
                field("Volume", &RecoveryKey::volume, "The UUID of the volume's header."),
                field("Slot", &RecoveryKey::slot, "The key slot it has to itself."),
                field("State", &RecoveryKey::state, "waiting to be received, received, gone, or unknown."),
                field("Sealed", &RecoveryKey::sealed, "The key, sealed for the escrow certificate: CMS in base64."),
            })
        .nodes({
            action("Steward/RecoveryKeys/{KeyID}/Received",
                   "Says that this key is kept in a safe place: older ones are then taken out of the disk.",
                   [&host](const Keys& keys, std::string_view) -> Result<Done> {
                       if (keys.empty()) return Error{Fault::bug, "A recovery key without an id.", ""};
                       auto received = host.escrow.received(keys.front());
                       if (!received) return std::move(received).error();
                       return Done::now;
                   }),
        });
}

}  // namespace steward::csp
