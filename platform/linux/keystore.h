// Keys as files below the state directory, mode 0600; or in a PKCS#11 token when one is configured.
#pragma once

#include <string>

#include "platform/key_files.h"
#include "platform/keystore.h"
#include "platform/linux/files.h"
#include "platform/linux/state_files.h"

namespace steward::platform {

class LinuxKeystore final : public Keystore {
  public:
    // The files' root is the state directory. token: the PKCS#11 URI of the token that is to make new keys, such as
    // "pkcs11:token=Steward?pin-source=file:/etc/steward/pin"; empty: files. Existing keys stay where they are.
    explicit LinuxKeystore(Files state, std::string token = {}) : state_(std::move(state)), token_(std::move(token)) {}
    LinuxKeystore(const LinuxKeystore&) = delete;
    LinuxKeystore& operator=(const LinuxKeystore&) = delete;

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
    LinuxStateFiles state_;
    KeyFiles files_{state_};
    std::string token_;
};

}  // namespace steward::platform
