#include "platform/base/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <cstdlib>

namespace steward {
namespace {

std::string digest(const EVP_MD* kind, std::string_view data) {
    std::string out(static_cast<std::size_t>(EVP_MD_get_size(kind)), '\0');
    unsigned int length = 0;
    if (EVP_Digest(data.data(), data.size(), reinterpret_cast<unsigned char*>(out.data()), &length, kind, nullptr) !=
        1) {
        std::abort();  // only a broken OpenSSL refuses these digests
    }
    return out;
}

}  // namespace

std::string md5(std::string_view data) {
    return digest(EVP_md5(), data);
}

std::string sha256(std::string_view data) {
    return digest(EVP_sha256(), data);
}

std::string random_bytes(std::size_t count) {
    std::string out(count, '\0');
    // No randomness means no security: better no agent than a guessable nonce.
    if (RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(count)) != 1) std::abort();
    return out;
}

double random_share() {
    return static_cast<double>(static_cast<unsigned char>(random_bytes(1)[0])) / 256.0;
}

bool same_secret(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace steward
