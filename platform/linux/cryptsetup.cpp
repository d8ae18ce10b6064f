#include <libcryptsetup.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "platform/base/text.h"
#include "platform/linux/luks.h"

namespace steward::platform {
namespace {

struct Freer {
    void operator()(crypt_device* device) const { crypt_free(device); }
};
using Device = std::unique_ptr<crypt_device, Freer>;

constexpr std::size_t most_token_bytes = 16384;
constexpr char mark_key[] = "\"steward\":\"";

// The library prints nothing by itself; what it has to say goes with the error.
void collect(int level, const char* message, void* words) {
    if (level == CRYPT_LOG_ERROR) static_cast<std::string*>(words)->append(message);
}

Error failed(std::string what, int code, const std::string& device, const std::string& words = {}) {
    Fault fault = Fault::io;
    if (code == -EPERM || code == -EACCES) fault = Fault::denied;
    if (code == -ENOENT || code == -ENODEV) fault = Fault::not_found;
    if (code == -EBUSY) fault = Fault::busy;
    return {fault, std::move(what),
            device + ": " + std::strerror(-code) + (words.empty() ? "" : ": ") + std::string(trim(words))};
}

// A header in use, with what the library said about it.
struct Opened {
    std::unique_ptr<std::string> words = std::make_unique<std::string>();  // outlives the device, which writes to it
    Device device;
};

Result<Opened> open(const std::string& root, const std::string& device) {
    const std::string path = root == "/" ? device : root + device;
    Opened opened;
    crypt_device* raw = nullptr;
    crypt_set_log_callback(nullptr, collect, opened.words.get());
    int code = crypt_init(&raw, path.c_str());
    opened.device.reset(raw);
    if (code >= 0) {
        crypt_set_log_callback(raw, collect, opened.words.get());
        code = crypt_load(raw, CRYPT_LUKS, nullptr);
    }
    crypt_set_log_callback(nullptr, nullptr, nullptr);
    if (code < 0) return failed("The LUKS header can't be read", code, path, *opened.words);
    return opened;
}

std::string cipher_of(crypt_device* device) {
    const char* cipher = crypt_get_cipher(device);
    const char* mode = crypt_get_cipher_mode(device);
    if (cipher == nullptr) return {};
    return std::string(cipher) + "-" + (mode == nullptr ? "" : mode);
}

// The value of our mark in a token's JSON as the library keeps it: without blanks.
std::string mark_in(std::string_view json) {
    const auto at = json.find(mark_key);
    if (at == std::string_view::npos) return {};
    json.remove_prefix(at + sizeof mark_key - 1);
    return std::string(json.substr(0, json.find('"')));
}

bool converting(crypt_device* device) {
    std::uint32_t flags = 0;
    if (crypt_persistent_flags_get(device, CRYPT_FLAGS_REQUIREMENTS, &flags) < 0) return true;
    if ((flags & CRYPT_REQUIREMENT_OFFLINE_REENCRYPT) != 0) return true;
    if ((flags & CRYPT_REQUIREMENT_ONLINE_REENCRYPT) == 0) return false;
    crypt_params_reencrypt how{};
    (void)crypt_reencrypt_status(device, &how);
    return how.mode != CRYPT_REENCRYPT_REENCRYPT;
}

std::vector<LuksToken> tokens_of(crypt_device* device, int most_slots) {
    std::vector<LuksToken> tokens;
    for (int i = 0; i < crypt_token_max(CRYPT_LUKS2); ++i) {
        const char* type = nullptr;
        const auto status = crypt_token_status(device, i, &type);
        if (status == CRYPT_TOKEN_INVALID || status == CRYPT_TOKEN_INACTIVE || type == nullptr) continue;
        LuksToken token;
        token.number = i;
        token.type = type;
        for (int slot = 0; slot < most_slots; ++slot) {
            if (crypt_token_is_assigned(device, i, slot) == 0) token.slots.push_back(slot);
        }
        const char* json = nullptr;
        if (crypt_token_json_get(device, i, &json) >= 0 && std::strlen(json) <= most_token_bytes)
            token.mark = mark_in(json);
        tokens.push_back(std::move(token));
    }
    return tokens;
}

}  // namespace

const LuksSlot* LuksFacts::slot(int number) const {
    for (const auto& each : slots) {
        if (each.number == number) return &each;
    }
    return nullptr;
}

Result<LuksFacts> Cryptsetup::read(const std::string& path) {
    auto opened = open(root_, path);
    if (!opened) return std::move(opened).error();
    crypt_device* device = opened->device.get();
    LuksFacts facts;
    const std::string_view type = crypt_get_type(device);
    facts.version = type == CRYPT_LUKS2 ? 2 : 1;
    const char* uuid = crypt_get_uuid(device);
    facts.uuid = uuid == nullptr ? "" : uuid;
    facts.cipher = cipher_of(device);
    facts.key_bits = crypt_get_volume_key_size(device) * 8;
    facts.most_slots = crypt_keyslot_max(facts.version == 2 ? CRYPT_LUKS2 : CRYPT_LUKS1);
    for (int i = 0; i < facts.most_slots; ++i) {
        const auto status = crypt_keyslot_status(device, i);
        if (status == CRYPT_SLOT_INVALID || status == CRYPT_SLOT_INACTIVE) continue;
        LuksSlot slot;
        slot.number = i;
        crypt_pbkdf_type kdf{};
        if (crypt_keyslot_get_pbkdf(device, i, &kdf) >= 0 && kdf.type != nullptr) {
            slot.kdf = kdf.type;
            slot.iterations = static_cast<int>(kdf.iterations);
        }
        facts.slots.push_back(std::move(slot));
    }
    if (facts.version == 2) {
        facts.tokens = tokens_of(device, facts.most_slots);
        facts.converting = converting(device);
    }
    return facts;
}

Result<std::string> Cryptsetup::active_cipher(const std::string& name) {
    if (name.empty() || root_ != "/") return Error{Fault::not_found, "There is no mapping of that name.", ""};
    std::string words;
    crypt_device* raw = nullptr;
    crypt_set_log_callback(nullptr, collect, &words);
    const int code = crypt_init_by_name(&raw, name.c_str());
    const Device device(raw);
    crypt_set_log_callback(nullptr, nullptr, nullptr);
    if (code < 0) return failed("The mapping can't be examined", code, name, words);
    auto cipher = cipher_of(raw);
    if (cipher.empty()) return Error{Fault::not_found, "The mapping tells no cipher.", name};
    return cipher;
}

Outcome Cryptsetup::add(const std::string& path, int slot, int iterations, std::string_view unlocking,
                        std::string_view secret) {
    auto opened = open(root_, path);
    if (!opened) return std::move(opened).error();
    crypt_pbkdf_type kdf{};
    kdf.type = CRYPT_KDF_PBKDF2;
    kdf.hash = "sha512";
    kdf.iterations = static_cast<std::uint32_t>(iterations);
    kdf.flags = CRYPT_PBKDF_NO_BENCHMARK;
    int code = crypt_set_pbkdf_type(opened->device.get(), &kdf);
    if (code >= 0) {
        code = crypt_keyslot_add_by_passphrase(opened->device.get(), slot, unlocking.data(), unlocking.size(),
                                               secret.data(), secret.size());
    }
    if (code == -EPERM) {
        return Error{Fault::denied, "The unlocking key opens no key slot of this volume.", path};
    }
    if (code < 0) return failed("A key slot can't be filled", code, path, *opened->words);
    return {};
}

Result<bool> Cryptsetup::opens(const std::string& path, int slot, std::string_view secret) {
    auto opened = open(root_, path);
    if (!opened) return std::move(opened).error();
    const int code = crypt_activate_by_passphrase(opened->device.get(), nullptr, slot, secret.data(), secret.size(), 0);
    if (code == -EPERM || code == -ENOENT) return false;
    if (code < 0) return failed("A key slot can't be tried", code, path, *opened->words);
    return code == slot;
}

Outcome Cryptsetup::mark(const std::string& path, int slot, const std::string& mark) {
    auto opened = open(root_, path);
    if (!opened) return std::move(opened).error();
    const auto json =
        R"({"type":"systemd-recovery","keyslots":[")" + std::to_string(slot) + "\"]," + mark_key + mark + "\"}";
    const int code = crypt_token_json_set(opened->device.get(), CRYPT_ANY_TOKEN, json.c_str());
    if (code < 0) return failed("A key slot can't be marked", code, path, *opened->words);
    return {};
}

Outcome Cryptsetup::erase_slot(const std::string& path, int slot) {
    auto opened = open(root_, path);
    if (!opened) return std::move(opened).error();
    const int code = crypt_keyslot_destroy(opened->device.get(), slot);
    if (code < 0) return failed("A key slot can't be emptied", code, path, *opened->words);
    return {};
}

Outcome Cryptsetup::erase_token(const std::string& path, int token) {
    auto opened = open(root_, path);
    if (!opened) return std::move(opened).error();
    const int code = crypt_token_json_set(opened->device.get(), token, nullptr);
    if (code < 0) return failed("A token can't be removed", code, path, *opened->words);
    return {};
}

}  // namespace steward::platform
