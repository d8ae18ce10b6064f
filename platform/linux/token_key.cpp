#include "platform/linux/token_key.h"

#include <openssl/engine.h>
#include <openssl/err.h>
#include <openssl/ui.h>

#include <fstream>
#include <iterator>

namespace steward::platform {
namespace {

Error failed(const std::string& what) {
    const auto code = ERR_peek_last_error();
    ERR_clear_error();
    const char* reason = ERR_reason_error_string(code);
    return {Fault::io, what, reason == nullptr ? "" : reason};
}

}  // namespace

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"  // the provider for PKCS#11 is not in Debian 12
Result<PrivateKey> key_of_token(const std::string& uri) {
    ENGINE* engine = ENGINE_by_id("pkcs11");
    if (engine == nullptr) {
        auto error = failed("PKCS#11 tokens can't be used: install libengine-pkcs11-openssl.");
        error.fault = Fault::unsupported;
        return error;
    }
    // Never the default of anything: a token's library may use OpenSSL itself.
    if (ENGINE_init(engine) != 1) {
        ENGINE_free(engine);
        return failed("The PKCS#11 engine of OpenSSL could not be started.");
    }
    EVP_PKEY* key = ENGINE_load_private_key(engine, uri.c_str(), const_cast<UI_METHOD*>(UI_null()), nullptr);
    ENGINE_finish(engine);
    ENGINE_free(engine);
    if (key == nullptr)
        return failed("The token does not give access to the key: check its PIN file and that it is plugged in.");
    return PrivateKey(std::shared_ptr<void>(key, [](void* old) { EVP_PKEY_free(static_cast<EVP_PKEY*>(old)); }));
}
#pragma GCC diagnostic pop

Result<PrivateKey> key_of_source(const std::string& source) {
    if (source.starts_with("pkcs11:")) return key_of_token(source);
    std::ifstream file(source, std::ios::binary);
    const std::string pem{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (!file) return Error{Fault::not_found, "The private key file can't be read.", source};
    auto key = PrivateKey::of_pem(pem);
    if (!key)
        return Error{Fault::io, "The file " + source + " holds no private key that can be used.", key.error().evidence};
    return key;
}

}  // namespace steward::platform
