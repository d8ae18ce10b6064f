// libcryptsetup's functions, each handed on to the library, which is opened at the first call: only a device whose
// volumes are asked for needs it and what comes with it.
#include <libcryptsetup.h>

#include <cerrno>

#include "platform/library.h"

namespace {

template <class Function>
steward::platform::Imported<Function> handed_on(const char* name, Function*) {
    static const steward::platform::Library libcryptsetup("libcryptsetup.so.12");
    return {libcryptsetup, name};
}

}  // namespace

extern "C" {

int crypt_activate_by_passphrase(crypt_device* device, const char* name, int slot, const char* passphrase,
                                 size_t length, uint32_t flags) {
    static const auto function = handed_on("crypt_activate_by_passphrase", &crypt_activate_by_passphrase);
    return function(device, name, slot, passphrase, length, flags);
}
void crypt_free(crypt_device* device) {
    static const auto function = handed_on("crypt_free", &crypt_free);
    function(device);
}
const char* crypt_get_cipher(crypt_device* device) {
    static const auto function = handed_on("crypt_get_cipher", &crypt_get_cipher);
    return function(device);
}
const char* crypt_get_cipher_mode(crypt_device* device) {
    static const auto function = handed_on("crypt_get_cipher_mode", &crypt_get_cipher_mode);
    return function(device);
}
const char* crypt_get_type(crypt_device* device) {
    static const auto function = handed_on("crypt_get_type", &crypt_get_type);
    return function(device);
}
const char* crypt_get_uuid(crypt_device* device) {
    static const auto function = handed_on("crypt_get_uuid", &crypt_get_uuid);
    return function(device);
}
int crypt_get_volume_key_size(crypt_device* device) {
    static const auto function = handed_on("crypt_get_volume_key_size", &crypt_get_volume_key_size);
    return function(device);
}
int crypt_init(crypt_device** device, const char* path) {
    static const auto function = handed_on("crypt_init", &crypt_init);
    return function ? function(device, path) : -ENOTSUP;
}
int crypt_init_by_name(crypt_device** device, const char* name) {
    static const auto function = handed_on("crypt_init_by_name", &crypt_init_by_name);
    return function ? function(device, name) : -ENOTSUP;
}
int crypt_keyslot_add_by_passphrase(crypt_device* device, int slot, const char* passphrase, size_t length,
                                    const char* fresh, size_t fresh_length) {
    static const auto function = handed_on("crypt_keyslot_add_by_passphrase", &crypt_keyslot_add_by_passphrase);
    return function(device, slot, passphrase, length, fresh, fresh_length);
}
int crypt_keyslot_destroy(crypt_device* device, int slot) {
    static const auto function = handed_on("crypt_keyslot_destroy", &crypt_keyslot_destroy);
    return function(device, slot);
}
int crypt_keyslot_get_pbkdf(crypt_device* device, int slot, crypt_pbkdf_type* pbkdf) {
    static const auto function = handed_on("crypt_keyslot_get_pbkdf", &crypt_keyslot_get_pbkdf);
    return function(device, slot, pbkdf);
}
int crypt_keyslot_max(const char* type) {
    static const auto function = handed_on("crypt_keyslot_max", &crypt_keyslot_max);
    return function(type);
}
crypt_keyslot_info crypt_keyslot_status(crypt_device* device, int slot) {
    static const auto function = handed_on("crypt_keyslot_status", &crypt_keyslot_status);
    return function(device, slot);
}
int crypt_load(crypt_device* device, const char* type, void* how) {
    static const auto function = handed_on("crypt_load", &crypt_load);
    return function(device, type, how);
}
int crypt_persistent_flags_get(crypt_device* device, crypt_flags_type type, uint32_t* flags) {
    static const auto function = handed_on("crypt_persistent_flags_get", &crypt_persistent_flags_get);
    return function(device, type, flags);
}
crypt_reencrypt_info crypt_reencrypt_status(crypt_device* device, crypt_params_reencrypt* how) {
    static const auto function = handed_on("crypt_reencrypt_status", &crypt_reencrypt_status);
    return function(device, how);
}
void crypt_set_log_callback(crypt_device* device, void (*log)(int level, const char* message, void* argument),
                            void* argument) {
    static const auto function = handed_on("crypt_set_log_callback", &crypt_set_log_callback);
    function(device, log, argument);
}
int crypt_set_pbkdf_type(crypt_device* device, const crypt_pbkdf_type* pbkdf) {
    static const auto function = handed_on("crypt_set_pbkdf_type", &crypt_set_pbkdf_type);
    return function(device, pbkdf);
}
int crypt_token_is_assigned(crypt_device* device, int token, int slot) {
    static const auto function = handed_on("crypt_token_is_assigned", &crypt_token_is_assigned);
    return function(device, token, slot);
}
int crypt_token_json_get(crypt_device* device, int token, const char** json) {
    static const auto function = handed_on("crypt_token_json_get", &crypt_token_json_get);
    return function(device, token, json);
}
int crypt_token_json_set(crypt_device* device, int token, const char* json) {
    static const auto function = handed_on("crypt_token_json_set", &crypt_token_json_set);
    return function(device, token, json);
}
int crypt_token_max(const char* type) {
    static const auto function = handed_on("crypt_token_max", &crypt_token_max);
    return function(type);
}
crypt_token_info crypt_token_status(crypt_device* device, int token, const char** type) {
    static const auto function = handed_on("crypt_token_status", &crypt_token_status);
    return function(device, token, type);
}
}
