// Recovery keys in key slots of their own, on LUKS2.
//
// Steward knows no user's passphrase. What it unlocks a volume with, and for whom it seals, an administrator says in
// /etc/steward/encryption.conf:
//     unlock-key-file = /etc/steward/unlock.key        # opens a key slot of the system volume; only root may read it
//     escrow-certificate = /etc/steward/escrow.pem     # X.509, RSA or EC; the private key stays elsewhere
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/clock.h"
#include "platform/encryption.h"
#include "platform/linux/escrow_state.h"
#include "platform/linux/files.h"
#include "platform/linux/luks.h"

namespace steward::platform {

class LinuxEscrow final : public Escrow, public Table<RecoveryKey> {
  public:
    LinuxEscrow(Files& files, Luks& luks, const Clock& clock) : files_(files), luks_(luks), clock_(clock) {}

    Outcome rotate(const std::string& request) override;
    Outcome received(std::string_view key) override;
    Outcome resume() override;
    Result<Rotation> last() override;

    Result<std::vector<std::string>> names() override;
    Result<RecoveryKey> read(std::string_view key) override;
    Outcome write(std::string_view key, const RecoveryKey& managed) override;
    Outcome erase(std::string_view key) override;

  private:
    struct Means {
        std::string unlocking, certificate;
    };
    struct Fresh {
        HeldKey key;
        std::string secret;
    };

    Result<Means> means() const;
    Result<std::vector<Fresh>> prepare(const EscrowState& state, const Means& means);
    Outcome install(const Fresh& fresh, const Means& means);
    Outcome carry_out(EscrowState state, std::vector<Fresh> fresh, const Means& means);
    Outcome failed(EscrowState state, const Error& error);
    Outcome roll_back(const std::string& reason);  // and whatever was to leave
    Outcome take_away(const HeldKey& key);

    Files& files_;
    Luks& luks_;
    const Clock& clock_;
};

// As systemd-cryptenroll writes recovery keys: 256 bits in eight groups of eight letters that keyboards agree on.
std::string recovery_key_of(std::string_view bytes);

}  // namespace steward::platform
