#include "platform/linux/keystore.h"

#include "platform/linux/token.h"
#include "platform/linux/token_key.h"

namespace steward::platform {
namespace {

bool in_token(const std::string& reference) {
    return reference.starts_with("pkcs11:");
}

}  // namespace

std::unique_ptr<Keystore> keystore_in(const std::string& directory, std::string token) {
    return std::make_unique<LinuxKeystore>(Files(directory), std::move(token));
}

Result<std::string> LinuxKeystore::make(std::string_view label, const KeySpec& spec) {
    if (!usable_label(label)) {
        return Error{Fault::invalid, "\"" + std::string(label) + "\" can't name a key.", {}};
    }
    if (!token_.empty()) return Token::make_key(token_, std::string(label), spec);
    return files_.make(label, spec);
}

Result<std::string> LinuxKeystore::keep(std::string_view label, std::string_view pem) {
    return files_.keep(label, pem);
}

Result<std::string> LinuxKeystore::request(const std::string& reference, const RequestFacts& facts) {
    if (!in_token(reference)) return files_.request(reference, facts);
    const auto key = key_of_token(reference);
    if (!key) return key.error();
    return key->request(facts);
}

Result<std::string> LinuxKeystore::sign_message(const std::string& reference, std::string_view certificate,
                                                std::string_view content) {
    if (!in_token(reference)) return files_.sign_message(reference, certificate, content);
    const auto key = key_of_token(reference);
    if (!key) return key.error();
    return key->sign_message(certificate, content);
}

Result<std::string> LinuxKeystore::sign(const std::string& reference, std::string_view bytes) {
    if (!in_token(reference)) return files_.sign(reference, bytes);
    const auto key = key_of_token(reference);
    if (!key) return key.error();
    return key->sign(bytes);
}

Result<bool> LinuxKeystore::belongs(const std::string& reference, std::string_view certificate) {
    if (!in_token(reference)) return files_.belongs(reference, certificate);
    const auto key = key_of_token(reference);
    if (!key) return key.error();
    return key->belongs(certificate);
}

Result<KeyDescription> LinuxKeystore::describe(const std::string& reference) {
    if (!in_token(reference)) return files_.describe(reference);
    auto exportable = Token::exportable(reference);
    if (!exportable) return exportable.error();
    return KeyDescription{*exportable ? "a key in a PKCS#11 token that may be copied out of it"
                                      : "a key that never leaves its PKCS#11 token",
                          *exportable};
}

Result<std::optional<std::string>> LinuxKeystore::find(std::string_view label) {
    auto found = files_.find(label);
    if (!found || *found || token_.empty() || !usable_label(label)) return found;
    return Token::find(token_, std::string(label));
}

Outcome LinuxKeystore::erase(const std::string& reference) {
    return in_token(reference) ? Token::erase(reference) : files_.erase(reference);
}

}  // namespace steward::platform
