#include "platform/windows/keystore.h"

#include "platform/base/bytes.h"
#include "platform/base/digest.h"

namespace steward::platform {

std::unique_ptr<Keystore> keystore_in(const std::string& directory, std::string token) {
    return std::make_unique<WindowsKeystore>(directory, std::move(token), *machine_keys());
}

std::string WindowsKeystore::prefix() const {
    return std::string(machine_key_scheme) + std::string(machine_key_prefix) +
           to_hex(sha256(state_.full_path("/"))).substr(0, 16) + "-";
}

bool WindowsKeystore::in_tpm(const std::string& reference) const {
    return reference.starts_with(prefix()) && usable_label(std::string_view(reference).substr(prefix().size()));
}

Result<std::string> WindowsKeystore::make(std::string_view label, const KeySpec& spec) {
    if (!place_.empty() && place_ != "tpm" && place_ != "software") {
        return Error{Fault::unsupported, "On Windows --key-store is tpm or software; PKCS#11 tokens can't be used.",
                     place_};
    }
    const bool there = place_ != "software" && machine_.there();
    if (place_ == "tpm" && !there) {
        return Error{Fault::unsupported,
                     "There is no TPM 2.0 that Windows uses: leave --key-store away to have a key in a file.",
                     {}};
    }
    if (!there) return files_.make(label, spec);
    auto taken = find(label);
    if (!taken) return std::move(taken).error();
    if (*taken) return Error{Fault::exists, "There is a key of that name already.", **taken};
    auto made = make_in_tpm(label, spec);
    const bool elsewhere = !made && place_.empty() && made.error().fault != Fault::invalid;
    return elsewhere ? files_.make(label, spec) : made;
}

// A key that is not of use leaves nothing behind.
Result<std::string> WindowsKeystore::make_in_tpm(std::string_view label, const KeySpec& spec) {
    const auto reference = prefix() + std::string(label);
    if (!in_tpm(reference)) return Error{Fault::invalid, "\"" + std::string(label) + "\" can't name a key.", {}};
    const auto name = reference.substr(machine_key_scheme.size());
    if (auto made = machine_.make(name, spec.rsa_bits); !made) return std::move(made).error();
    const auto key = machine_key(reference, machine_);
    Outcome suits = key ? key->suits_tls() : Outcome(key.error());
    if (suits) return reference;
    (void)machine_.erase(name);
    return std::move(suits).error();
}

Result<std::string> WindowsKeystore::keep(std::string_view label, std::string_view pem) {
    return files_.keep(label, pem);
}

Result<std::string> WindowsKeystore::request(const std::string& reference, const RequestFacts& facts) {
    if (!in_tpm(reference)) return files_.request(reference, facts);
    const auto key = machine_key(reference, machine_);
    return key ? key->request(facts) : key.error();
}

Result<std::string> WindowsKeystore::sign_message(const std::string& reference, std::string_view certificate,
                                                  std::string_view content) {
    if (!in_tpm(reference)) return files_.sign_message(reference, certificate, content);
    const auto key = machine_key(reference, machine_);
    return key ? key->sign_message(certificate, content) : key.error();
}

Result<std::string> WindowsKeystore::sign(const std::string& reference, std::string_view bytes) {
    if (!in_tpm(reference)) return files_.sign(reference, bytes);
    const auto key = machine_key(reference, machine_);
    return key ? key->sign(bytes) : key.error();
}

Result<bool> WindowsKeystore::belongs(const std::string& reference, std::string_view certificate) {
    if (!in_tpm(reference)) return files_.belongs(reference, certificate);
    const auto key = machine_key(reference, machine_);
    return key ? key->belongs(certificate) : key.error();
}

Result<KeyDescription> WindowsKeystore::describe(const std::string& reference) {
    if (!in_tpm(reference)) {
        auto described = files_.describe(reference);
        if (described)
            described->kind = "a file that only the system and administrators can read, sealed for this machine";
        return described;
    }
    const auto key = machine_key(reference, machine_);
    if (!key) return key.error();
    return KeyDescription{"a key that never leaves the TPM of this machine", false};
}

Result<std::optional<std::string>> WindowsKeystore::find(std::string_view label) {
    auto found = files_.find(label);
    if (!found || *found || !usable_label(label) || !machine_.there()) return found;
    const auto reference = prefix() + std::string(label);
    auto shown = machine_.find(reference.substr(machine_key_scheme.size()));
    if (!shown) return std::move(shown).error();
    return *shown ? std::optional(reference) : std::nullopt;
}

Outcome WindowsKeystore::erase(const std::string& reference) {
    return in_tpm(reference) ? machine_.erase(reference.substr(machine_key_scheme.size())) : files_.erase(reference);
}

}  // namespace steward::platform
