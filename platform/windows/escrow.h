// Recovery passwords of BitLocker on the system volume, sealed for whoever holds the escrow certificate's private key.
// Other protectors are never touched, those of other recovery passwords neither.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/clock.h"
#include "platform/encryption.h"
#include "platform/windows/bit_locker.h"
#include "platform/windows/recovery_keys.h"

namespace steward::platform {

class WindowsEscrow final : public Escrow, public Table<RecoveryKey> {
  public:
    // An X.509 certificate, or why there is none.
    using Certificate = std::function<Result<std::string>()>;

    WindowsEscrow(Registry& registry, BitLocker& bit_locker, Certificate certificate, const Clock& clock)
        : registry_(registry), bit_locker_(bit_locker), certificate_(std::move(certificate)), clock_(clock) {}

    Outcome rotate(const std::string& request) override;
    Outcome received(std::string_view key) override;
    Outcome resume() override;
    Result<Rotation> last() override;

    Result<std::vector<std::string>> names() override;
    Result<RecoveryKey> read(std::string_view key) override;
    Outcome write(std::string_view key, const RecoveryKey& managed) override;
    Outcome erase(std::string_view key) override;

  private:
    struct Fresh {
        HeldPassword held;
        std::string password;
    };

    Result<std::string> usable_certificate() const;
    Result<BitLockerVolume> system_volume() const;
    Result<Fresh> prepare(const BitLockerVolume& volume) const;
    Outcome install(const BitLockerVolume& volume, const Fresh& fresh);
    Outcome carry_out(HeldPasswords held, const BitLockerVolume& volume, const Fresh& fresh);
    Outcome failed(HeldPasswords held, const Error& error);
    Outcome roll_back(const std::string& reason);  // and whatever was to leave
    Outcome take_away(const HeldPassword& password, const std::vector<BitLockerVolume>& volumes);

    Registry& registry_;
    BitLocker& bit_locker_;
    Certificate certificate_;
    const Clock& clock_;
};

// 48 digits in eight groups, each a number of 16 bits times eleven: what BitLocker takes. Of 16 bytes.
std::string recovery_password_of(std::string_view bytes);

}  // namespace steward::platform
