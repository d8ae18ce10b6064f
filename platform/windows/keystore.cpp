// Keys as files that only the system and administrators can read, and this machine alone can use.
#include "platform/keystore.h"

#include "platform/key_files.h"
#include "platform/windows/state_files.h"

namespace steward::platform {
namespace {

class WindowsKeystore final : public Keystore {
  public:
    WindowsKeystore(const std::string& directory, std::string token) : state_(directory), token_(std::move(token)) {}
    WindowsKeystore(const WindowsKeystore&) = delete;
    WindowsKeystore& operator=(const WindowsKeystore&) = delete;

    Result<std::string> make(std::string_view label, const KeySpec& spec) override {
        if (!token_.empty()) {
            return Error{Fault::unsupported,
                         "Keys can't be made in a PKCS#11 token on Windows: leave --key-store away.", token_};
        }
        return files_.make(label, spec);
    }
    Result<std::string> keep(std::string_view label, std::string_view pem) override { return files_.keep(label, pem); }
    Result<std::string> request(const std::string& reference, const RequestFacts& facts) override {
        return files_.request(reference, facts);
    }
    Result<std::string> sign_message(const std::string& reference, std::string_view certificate,
                                     std::string_view content) override {
        return files_.sign_message(reference, certificate, content);
    }
    Result<std::string> sign(const std::string& reference, std::string_view bytes) override {
        return files_.sign(reference, bytes);
    }
    Result<bool> belongs(const std::string& reference, std::string_view certificate) override {
        return files_.belongs(reference, certificate);
    }
    Result<KeyDescription> describe(const std::string& reference) override {
        auto described = files_.describe(reference);
        if (described)
            described->kind = "a file that only the system and administrators can read, sealed for this machine";
        return described;
    }
    Result<std::optional<std::string>> find(std::string_view label) override { return files_.find(label); }
    Outcome erase(const std::string& reference) override { return files_.erase(reference); }

  private:
    WindowsStateFiles state_;
    KeyFiles files_{state_};
    std::string token_;
};

}  // namespace

std::unique_ptr<Keystore> keystore_in(const std::string& directory, std::string token) {
    return std::make_unique<WindowsKeystore>(directory, std::move(token));
}

}  // namespace steward::platform
