#include "platform/linux/keystore.h"

#include <algorithm>

#include "platform/linux/private_key.h"
#include "platform/linux/token.h"

namespace steward::platform {
namespace {

constexpr std::string_view file_scheme = "file:";
constexpr std::string_view token_scheme = "pkcs11:";
constexpr std::string_view folder = "/keys/";
constexpr std::string_view ending = ".pem";
constexpr std::size_t longest_label = 64;

bool alphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool usable_label(std::string_view label) {
    return !label.empty() && label.size() <= longest_label && alphanumeric(label.front()) &&
           std::all_of(label.begin(), label.end(),
                       [](char c) { return alphanumeric(c) || c == '.' || c == '_' || c == '-'; });
}

std::string path_for(std::string_view label) {
    return std::string(folder) + std::string(label) + std::string(ending);
}

bool in_token(const std::string& reference) {
    return reference.starts_with(token_scheme);
}

}  // namespace

std::string key_source(const std::string& reference) {
    return reference.starts_with(file_scheme) ? reference.substr(file_scheme.size()) : reference;
}

Result<std::string> LinuxKeystore::path_of(const std::string& reference) const {
    const std::string before = std::string(file_scheme) + state_.root() + std::string(folder);
    if (reference.starts_with(before) && reference.ends_with(ending)) {
        const auto label = std::string_view(reference).substr(before.size());
        if (usable_label(label.substr(0, label.size() - ending.size())))
            return std::string(folder) + std::string(label);
    }
    return Error{Fault::not_found, "This is no key of this device's key store.", reference};
}

Result<std::string> LinuxKeystore::make(std::string_view label, const KeySpec& spec) {
    if (!usable_label(label)) {
        return Error{Fault::invalid, "\"" + std::string(label) + "\" can't name a key.", {}};
    }
    if (!token_.empty()) return Token::make_key(token_, std::string(label), spec);
    const std::string path = path_for(label);
    auto taken = state_.present(path);
    if (!taken) return taken.error();
    if (*taken) return Error{Fault::exists, "There is a key of that name already.", path};
    const auto key = PrivateKey::make(spec);
    if (!key) return key.error();
    auto pem = key->pem();
    if (!pem) return pem.error();
    return write(path, std::move(*pem));
}

Result<std::string> LinuxKeystore::keep(std::string_view label, std::string_view pem) {
    if (!usable_label(label)) {
        return Error{Fault::invalid, "\"" + std::string(label) + "\" can't name a key.", {}};
    }
    const auto key = PrivateKey::of_pem(pem);
    if (!key) return Error{Fault::malformed, "This is no private key in PEM form without a password.", {}};
    auto text = key->pem();
    if (!text) return text.error();
    return write(path_for(label), std::move(*text));
}

Result<std::string> LinuxKeystore::write(const std::string& path, std::string pem) {
    const Change change{path, std::move(pem), 0600};
    if (auto written = state_.apply({&change, 1}); !written) return written.error();
    return std::string(file_scheme) + state_.root() + path;
}

namespace {

Result<PrivateKey> load(const Files& state, const Result<std::string>& path, const std::string& reference) {
    if (in_token(reference)) return PrivateKey::of_token(reference);
    if (!path) return path.error();
    const auto pem = state.read(*path);
    if (pem) return PrivateKey::of_pem(*pem);
    auto error = pem.error();
    error.what = error.fault == Fault::not_found
                     ? "The private key of this device is gone: enrol again to get a new identity."
                     : "The private key of this device can't be read.";
    return error;
}

}  // namespace

Result<std::string> LinuxKeystore::request(const std::string& reference, const RequestFacts& facts) {
    const auto key = load(state_, path_of(reference), reference);
    if (!key) return key.error();
    return key->request(facts);
}

Result<std::string> LinuxKeystore::sign_message(const std::string& reference, std::string_view certificate,
                                                std::string_view content) {
    const auto key = load(state_, path_of(reference), reference);
    if (!key) return key.error();
    return key->sign_message(certificate, content);
}

Result<std::string> LinuxKeystore::sign(const std::string& reference, std::string_view bytes) {
    const auto key = load(state_, path_of(reference), reference);
    if (!key) return key.error();
    return key->sign(bytes);
}

Result<bool> LinuxKeystore::belongs(const std::string& reference, std::string_view certificate) {
    const auto key = load(state_, path_of(reference), reference);
    if (!key) return key.error();
    return key->belongs(certificate);
}

Result<KeyDescription> LinuxKeystore::describe(const std::string& reference) {
    if (in_token(reference)) {
        auto exportable = Token::exportable(reference);
        if (!exportable) return exportable.error();
        return KeyDescription{*exportable ? "a key in a PKCS#11 token that may be copied out of it"
                                          : "a key that never leaves its PKCS#11 token",
                              *exportable};
    }
    auto path = path_of(reference);
    if (!path) return path.error();
    auto there = state_.present(*path);
    if (!there) return there.error();
    if (!*there) return Error{Fault::not_found, "The private key of this device is gone.", reference};
    return KeyDescription{"a file that only its owner can read", true};
}

Result<std::optional<std::string>> LinuxKeystore::find(std::string_view label) {
    if (!usable_label(label)) return std::optional<std::string>();
    const std::string path = path_for(label);
    auto there = state_.present(path);
    if (!there) return there.error();
    if (*there) return std::optional(std::string(file_scheme) + state_.root() + path);
    if (token_.empty()) return std::optional<std::string>();
    return Token::find(token_, std::string(label));
}

Outcome LinuxKeystore::erase(const std::string& reference) {
    if (in_token(reference)) return Token::erase(reference);
    const auto path = path_of(reference);
    if (!path) return path.error();
    const Change change{*path, std::nullopt, 0600, 1};
    return state_.apply({&change, 1});
}

}  // namespace steward::platform
