// BitLocker of the volumes of this device: Win32_EncryptableVolume behind plain values. Source: its documentation;
// every method answers 0 or an error of its own (FVE_E_…).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/windows/wmi.h"

namespace steward::platform {

enum class Conversion {
    decrypted = 0,
    encrypted = 1,
    encrypting = 2,
    decrypting = 3,
    paused = 4,
    decryption_paused = 5
};
enum class Protection { off = 0, on = 1, unknown = 2 };  // unknown: the volume is locked

struct KeyProtector {
    std::string id;  // "{…}"
    int kind = 0;    // 1 TPM, 2 external key, 3 recovery password, 4 TPM and PIN …
    std::string name;
};

struct BitLockerVolume {
    std::string path;    // for calls
    std::string device;  // "\\?\Volume{…}\"
    std::string letter;  // "C:"; empty: it has none
    int type = 0;        // 0 the system's, 1 fixed, 2 removable
    Protection protection = Protection::unknown;
    std::optional<Conversion> conversion;  // nullopt: the volume is locked
    std::optional<int> method;             // 3 AES-CBC 128, 4 256, 6 XTS 128, 7 XTS 256; 0: none
    std::vector<KeyProtector> protectors;
};

class BitLocker {
  public:
    static constexpr int recovery_password = 3;

    explicit BitLocker(Wmi& wmi) : wmi_(wmi) {}

    // Fault unsupported: this Windows has no BitLocker.
    Result<std::vector<BitLockerVolume>> volumes() const;
    // Adds a recovery password of our own choice, and gives the protector's id.
    Result<std::string> add_recovery(const BitLockerVolume& volume, const std::string& name,
                                     const std::string& password);
    Result<std::string> recovery(const BitLockerVolume& volume, const std::string& protector) const;  // the password
    Outcome erase(const BitLockerVolume& volume, const std::string& protector);  // what is gone is already erased

    // Whether the system's volume is encrypted and protected.
    Result<bool> seals_system() const;

  private:
    Result<WmiObject> call(const std::string& path, const std::string& method, const WmiObject& arguments = {}) const;
    Result<std::vector<KeyProtector>> protectors(const std::string& path) const;

    Wmi& wmi_;
};

}  // namespace steward::platform
