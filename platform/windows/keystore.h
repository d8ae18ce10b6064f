// Keys in the TPM, where the machine has one, or else as files that only the system and administrators can read, and
// this machine alone can use.
#pragma once

#include "platform/key_files.h"
#include "platform/windows/machine_keys.h"
#include "platform/windows/state_files.h"

namespace steward::platform {

class WindowsKeystore final : public Keystore {
  public:
    // place: "tpm" or "software"; empty: the TPM, if it is there and signs as TLS needs it.
    WindowsKeystore(const std::string& directory, std::string place, MachineKeys& machine)
        : state_(directory), place_(std::move(place)), machine_(machine) {}
    WindowsKeystore(const WindowsKeystore&) = delete;
    WindowsKeystore& operator=(const WindowsKeystore&) = delete;

    Result<std::string> make(std::string_view label, const KeySpec& spec) override;
    Result<std::string> keep(std::string_view label, std::string_view pem) override;
    Result<std::string> request(const std::string& reference, const RequestFacts& facts) override;
    Result<std::string> sign_message(const std::string& reference, std::string_view certificate,
                                     std::string_view content) override;
    Result<std::string> sign(const std::string& reference, std::string_view bytes) override;
    Result<bool> belongs(const std::string& reference, std::string_view certificate) override;
    Result<KeyDescription> describe(const std::string& reference) override;
    Result<std::optional<std::string>> find(std::string_view label) override;
    Outcome erase(const std::string& reference) override;

  private:
    Result<std::string> make_in_tpm(std::string_view label, const KeySpec& spec);
    std::string prefix() const;  // of the references of this directory's keys; a machine has one set of names
    bool in_tpm(const std::string& reference) const;

    WindowsStateFiles state_;
    KeyFiles files_{state_};
    std::string place_;
    MachineKeys& machine_;
};

}  // namespace steward::platform
