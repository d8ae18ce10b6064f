// Private keys made on this device: they sign, and never leave through this interface. A reference names one:
// "file:/var/lib/steward/keys/NAME.pem", or a PKCS#11 URI (RFC 7512) when a token keeps it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "platform/base/result.h"

namespace steward::platform {

struct KeySpec {
    int rsa_bits = 2048;  // 2048 to 8192
};

// What a certificate request says. Source: protocol sheet 10.6, S24.
struct RequestFacts {
    std::string common_name;
    std::string device_id;  // extension 1.3.6.1.4.1.311.66.1.0; empty: none
};

// What is put around a block before an RSA key signs it; none: it is as long as the key already. An EC key signs a
// digest as it is.
enum class Padding : std::uint8_t { none, pkcs1 };

struct KeyDescription {
    std::string kind;  // for people: "a file that only root can read"
    bool exportable = true;
};

struct Keystore {
    virtual ~Keystore() = default;

    // Makes a key, durable on return, and gives its reference. The label is 1 to 64 of [A-Za-z0-9._-] and begins with
    // a letter or digit; Fault exists when it is taken.
    virtual Result<std::string> make(std::string_view label, const KeySpec& spec) = 0;

    // Takes in a key that somebody brought (PEM, unencrypted), always as a file and instead of one under that label: to
    // sign in with, once. Whoever calls erases it.
    virtual Result<std::string> keep(std::string_view label, std::string_view pem) = 0;

    virtual Result<std::string> request(const std::string& reference, const RequestFacts& facts) = 0;  // PKCS#10, DER
    // CMS SignedData with the content and the certificate within, SHA-256, DER.
    virtual Result<std::string> sign_message(const std::string& reference, std::string_view certificate,
                                             std::string_view content) = 0;
    virtual Result<std::string> sign(const std::string& reference, std::string_view bytes) = 0;  // RSA with SHA-256
    virtual Result<bool> belongs(const std::string& reference, std::string_view certificate) = 0;

    virtual Result<KeyDescription> describe(const std::string& reference) = 0;
    // The key that was made under this label, if there is one: whoever was killed while make() ran finds it again.
    virtual Result<std::optional<std::string>> find(std::string_view label) = 0;
    virtual Outcome erase(const std::string& reference) = 0;  // what is not there is already erased
};

// What a TLS library is to be given for a key: the path of its file, or the PKCS#11 URI itself.
std::string key_source(const std::string& reference);

// The keys of a state directory, as this system keeps them. token: what a PKCS#11 token is named by that is to make new
// ones; empty: files.
std::unique_ptr<Keystore> keystore_in(const std::string& directory, std::string token = {});

}  // namespace steward::platform
