#include "platform/key_files.h"

#include <algorithm>

#include "platform/private_key.h"
#include "platform/sealing.h"

namespace steward::platform {
namespace {

constexpr std::string_view scheme = "file:";
constexpr std::string_view folder = "/keys/";
constexpr std::string_view ending = ".pem";
constexpr std::size_t longest_label = 64;

bool alphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

std::string path_for(std::string_view label) {
    return std::string(folder) + std::string(label) + std::string(ending);
}

// One from before keys were sealed. Where that can't be written now, it is tried when it is used again.
void keep_sealed(StateFiles& files, const std::string& path, std::string_view pem) {
    auto text = seal(pem);
    if (text && sealed(*text)) (void)files.apply({{path, std::move(*text), true}});
}

Result<PrivateKey> load(StateFiles& files, const Result<std::string>& path) {
    if (!path) return path.error();
    const auto kept = files.find(*path);
    if (kept && *kept) {
        auto pem = unseal(**kept);
        if (!pem) return std::move(pem).error();
        auto key = PrivateKey::of_pem(*pem);
        if (key && !sealed(**kept)) keep_sealed(files, *path, *pem);
        return key;
    }
    if (kept) {
        return Error{Fault::not_found, "The private key of this device is gone: enrol again to get a new identity.",
                     *path};
    }
    auto error = kept.error();
    error.what = "The private key of this device can't be read.";
    return error;
}

}  // namespace

bool usable_label(std::string_view label) {
    return !label.empty() && label.size() <= longest_label && alphanumeric(label.front()) &&
           std::all_of(label.begin(), label.end(),
                       [](char c) { return alphanumeric(c) || c == '.' || c == '_' || c == '-'; });
}

std::string key_source(const std::string& reference) {
    return reference.starts_with(scheme) ? reference.substr(scheme.size()) : reference;
}

Result<std::string> KeyFiles::path_of(const std::string& reference) const {
    const std::string before = std::string(scheme) + files_.full_path(folder);
    if (reference.starts_with(before) && reference.ends_with(ending)) {
        const auto label = std::string_view(reference).substr(before.size());
        if (usable_label(label.substr(0, label.size() - ending.size())))
            return std::string(folder) + std::string(label);
    }
    return Error{Fault::not_found, "This is no key of this device's key store.", reference};
}

Result<std::string> KeyFiles::make(std::string_view label, const KeySpec& spec) {
    if (!usable_label(label)) {
        return Error{Fault::invalid, "\"" + std::string(label) + "\" can't name a key.", {}};
    }
    const std::string path = path_for(label);
    auto taken = files_.find(path);
    if (!taken) return taken.error();
    if (*taken) return Error{Fault::exists, "There is a key of that name already.", path};
    const auto key = PrivateKey::make(spec);
    if (!key) return key.error();
    auto pem = key->pem();
    if (!pem) return pem.error();
    return write(path, *pem);
}

Result<std::string> KeyFiles::keep(std::string_view label, std::string_view pem) {
    if (!usable_label(label)) {
        return Error{Fault::invalid, "\"" + std::string(label) + "\" can't name a key.", {}};
    }
    const auto key = PrivateKey::of_pem(pem);
    if (!key) return Error{Fault::malformed, "This is no private key in PEM form without a password.", {}};
    auto text = key->pem();
    if (!text) return text.error();
    return write(path_for(label), *text);
}

Result<std::string> KeyFiles::write(const std::string& path, std::string_view pem) {
    auto text = seal(pem);
    if (!text) return std::move(text).error();
    if (auto written = files_.apply({{path, std::move(*text), true}}); !written) return written.error();
    return std::string(scheme) + files_.full_path(path);
}

Result<std::string> KeyFiles::request(const std::string& reference, const RequestFacts& facts) {
    const auto key = load(files_, path_of(reference));
    if (!key) return key.error();
    return key->request(facts);
}

Result<std::string> KeyFiles::sign_message(const std::string& reference, std::string_view certificate,
                                           std::string_view content) {
    const auto key = load(files_, path_of(reference));
    if (!key) return key.error();
    return key->sign_message(certificate, content);
}

Result<std::string> KeyFiles::sign(const std::string& reference, std::string_view bytes) {
    const auto key = load(files_, path_of(reference));
    if (!key) return key.error();
    return key->sign(bytes);
}

Result<bool> KeyFiles::belongs(const std::string& reference, std::string_view certificate) {
    const auto key = load(files_, path_of(reference));
    if (!key) return key.error();
    return key->belongs(certificate);
}

Result<KeyDescription> KeyFiles::describe(const std::string& reference) {
    auto path = path_of(reference);
    if (!path) return path.error();
    auto there = files_.find(*path);
    if (!there) return there.error();
    if (!*there) return Error{Fault::not_found, "The private key of this device is gone.", reference};
    return KeyDescription{"a file that only its owner can read", true};
}

Result<std::optional<std::string>> KeyFiles::find(std::string_view label) {
    if (!usable_label(label)) return std::optional<std::string>();
    const std::string path = path_for(label);
    auto there = files_.find(path);
    if (!there) return there.error();
    if (!*there) return std::optional<std::string>();
    return std::optional(std::string(scheme) + files_.full_path(path));
}

Outcome KeyFiles::erase(const std::string& reference) {
    const auto path = path_of(reference);
    if (!path) return path.error();
    return files_.apply({{*path, std::nullopt, true}});
}

}  // namespace steward::platform
