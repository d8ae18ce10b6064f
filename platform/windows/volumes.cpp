#include "platform/windows/volumes.h"

#include <windows.h>

#include <array>
#include <utility>

#include "platform/base/text.h"
#include "platform/windows/wide.h"

namespace steward::platform {
namespace {

// "TPM", "TPM and PIN", …; source: GetKeyProtectorType.
std::string_view name_of_protector(int kind) {
    constexpr std::array<std::string_view, 11> names = {"unknown",
                                                        "tpm",
                                                        "external-key",
                                                        "recovery-password",
                                                        "tpm-pin",
                                                        "tpm-startup-key",
                                                        "tpm-pin-startup-key",
                                                        "public-key",
                                                        "password",
                                                        "tpm-network",
                                                        "account"};
    const auto index = static_cast<std::size_t>(kind);
    return index < names.size() ? names.at(index) : names.front();
}

Drive drive_of(const BitLockerVolume& volume) {
    if (volume.letter.empty()) return Drive::none;  // of recovery, say: nobody works on it
    constexpr int system = 0, removable = 2;
    return volume.type == system ? Drive::system : volume.type == removable ? Drive::removable : Drive::fixed;
}

void judge(const BitLockerVolume& from, Volume& volume) {
    if (!from.conversion) {
        volume.judgement = Judgement::unknown;
        volume.reason = "BitLocker has locked it, so that nobody here can tell how far it is encrypted.";
        return;
    }
    volume.judgement = Judgement::open;
    switch (*from.conversion) {
        case Conversion::encrypted:
            if (from.protection == Protection::on) {
                volume.judgement = Judgement::encrypted;
                volume.reason = "BitLocker encrypts it and protects its key.";
            } else {
                volume.reason = "BitLocker encrypts it, but its protection is suspended: the key lies in the open.";
            }
            return;
        case Conversion::encrypting:
        case Conversion::paused:
            volume.reason = "BitLocker has not encrypted all of it yet.";
            return;
        case Conversion::decrypting:
        case Conversion::decryption_paused:
            volume.reason = "BitLocker is decrypting it.";
            return;
        case Conversion::decrypted:
            volume.reason = "BitLocker does not encrypt it.";
            return;
    }
    volume.judgement = Judgement::unknown;
    volume.reason = "BitLocker is in a state that is not known here.";
}

// In the words that the ciphers of other systems have.
void tell_cipher(int method, Volume& volume) {
    switch (method) {
        case 3:
        case 4:
            volume.cipher = "aes-cbc-essiv:sha256";
            volume.key_bits = method == 3 ? 128 : 256;
            return;
        case 6:
        case 7:
            volume.cipher = "aes-xts-plain64";
            volume.key_bits = method == 6 ? 256 : 512;  // two keys
            return;
        case 1:
        case 2:
            volume.cipher = "aes-cbc-elephant";
            volume.key_bits = method == 1 ? 128 : 256;
            return;
        default:
            return;  // by the drive itself, or by none
    }
}

Volume volume_of(const BitLockerVolume& from) {
    Volume volume;
    volume.drive = drive_of(from);
    judge(from, volume);
    if (!from.conversion || *from.conversion == Conversion::decrypted) return volume;
    volume.kind = "BitLocker";
    tell_cipher(from.method.value_or(0), volume);
    volume.key_slots = static_cast<int>(from.protectors.size());
    std::vector<std::string> kinds;
    for (const auto& protector : from.protectors) kinds.emplace_back(name_of_protector(protector.kind));
    volume.tokens = join(kinds, " ");
    return volume;
}

}  // namespace

std::vector<LocalDrive> local_drives() {
    std::vector<LocalDrive> drives;
    std::array<wchar_t, MAX_PATH> windows{};
    const auto length = ::GetWindowsDirectoryW(windows.data(), static_cast<UINT>(windows.size()));
    const auto system = length >= 2 ? narrow({windows.data(), 2}) : std::string();
    const DWORD present = ::GetLogicalDrives();
    for (unsigned i = 0; i < 26; ++i) {
        if ((present & (1U << i)) == 0) continue;
        const std::string letter = {static_cast<char>('A' + i), ':'};
        const auto type = ::GetDriveTypeW(wide(letter + "\\").c_str());
        if (type != DRIVE_FIXED && type != DRIVE_REMOVABLE) continue;
        drives.push_back({letter, same_ignoring_case(letter, system), type == DRIVE_REMOVABLE});
    }
    return drives;
}

Result<Rows<Volume>> WindowsVolumes::all() {
    Rows<Volume> rows;
    auto volumes = bit_locker_.volumes();
    const bool has_none = !volumes && volumes.error().fault == Fault::unsupported;
    if (!volumes && !has_none) return std::move(volumes).error();
    if (volumes) {
        for (const auto& volume : *volumes) {
            rows.emplace(volume.letter.empty() ? volume.device : volume.letter, volume_of(volume));
        }
    }
    for (const auto& drive : drives_()) {
        Volume volume;
        volume.drive = drive.system ? Drive::system : drive.removable ? Drive::removable : Drive::fixed;
        volume.reason = has_none
                            ? "This Windows has no BitLocker that could tell."
                            : "BitLocker says nothing of it, as of drives with a file system that it can't encrypt.";
        rows.emplace(drive.letter, std::move(volume));  // unless BitLocker has told
    }
    return rows;
}

}  // namespace steward::platform
