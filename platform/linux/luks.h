// LUKS headers and their key slots: libcryptsetup behind plain values. A device is a path of the system, or of a plain
// file with a header in it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/base/result.h"

namespace steward::platform {

struct LuksSlot {
    int number = 0;
    std::string kdf;  // "argon2id", "pbkdf2"
    int iterations = 0;
    bool operator==(const LuksSlot&) const = default;
};

struct LuksToken {
    int number = 0;
    std::string type;  // "systemd-tpm2"
    std::vector<int> slots;
    std::string mark;  // ours: the id of the recovery key; empty: somebody else's
};

struct LuksFacts {
    int version = 0;  // 1, 2
    std::string uuid;
    std::string cipher;  // "aes-xts-plain64"
    int key_bits = 0;
    int most_slots = 0;
    std::vector<LuksSlot> slots;  // used ones
    std::vector<LuksToken> tokens;
    bool converting = false;  // the data is still being encrypted for the first time, or decrypted

    const LuksSlot* slot(int number) const;
};

struct Luks {
    virtual ~Luks() = default;

    virtual Result<LuksFacts> read(const std::string& device) = 0;
    // The cipher of a mapping as the kernel uses it.
    virtual Result<std::string> active_cipher(const std::string& name) = 0;

    // Puts a secret into this slot, which has to be free, with PBKDF2 of exactly so many iterations.
    virtual Outcome add(const std::string& device, int slot, int iterations, std::string_view unlocking,
                        std::string_view secret) = 0;
    // Whether the secret opens the volume by this very slot.
    virtual Result<bool> opens(const std::string& device, int slot, std::string_view secret) = 0;
    // A token of systemd-recovery for the slot, with our mark in it.
    virtual Outcome mark(const std::string& device, int slot, const std::string& mark) = 0;
    virtual Outcome erase_slot(const std::string& device, int slot) = 0;
    virtual Outcome erase_token(const std::string& device, int token) = 0;
};

// Devices are those below the root; mappings are the kernel's and are seen with "/" only.
class Cryptsetup final : public Luks {
  public:
    explicit Cryptsetup(std::string root = "/") : root_(std::move(root)) {}

    Result<LuksFacts> read(const std::string& device) override;
    Result<std::string> active_cipher(const std::string& name) override;
    Outcome add(const std::string& device, int slot, int iterations, std::string_view unlocking,
                std::string_view secret) override;
    Result<bool> opens(const std::string& device, int slot, std::string_view secret) override;
    Outcome mark(const std::string& device, int slot, const std::string& mark) override;
    Outcome erase_slot(const std::string& device, int slot) override;
    Outcome erase_token(const std::string& device, int token) override;

  private:
    std::string root_;
};

}  // namespace steward::platform
