// Any bytes as a PFX, as the content of one whose password is right, and as a certificate.
#include "platform/pfx.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pkcs12.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "platform/base/certificate.h"
#include "platform/base/certificate_use.h"
#include "platform/private_key.h"
#include "tests/fuzz/expect.h"

namespace {

using namespace steward;

constexpr std::size_t most_bytes = 60'000;  // what two octets of length can say

std::string tagged(unsigned tag, const std::string& content) {
    std::string made(1, static_cast<char>(tag));
    made += static_cast<char>(0x82);
    made += static_cast<char>(content.size() >> 8);
    made += static_cast<char>(content.size() & 0xff);
    return made + content;
}

// A file around these bytes whose MAC is right, or no mutation would ever get behind it.
std::string sealed(const std::string& content) {
    const std::string data_oid("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01", 11);
    const std::string sha1("\x30\x07\x06\x05\x2b\x0e\x03\x02\x1a", 9);
    unsigned char key[20], mac[20];
    unsigned int size = sizeof mac;
    unsigned char salt[] = {1, 2, 3, 4, 5, 6, 7, 8};
    if (PKCS12_key_gen_utf8("", 0, salt, sizeof salt, PKCS12_MAC_ID, 1, sizeof key, key, EVP_sha1()) != 1) return {};
    HMAC(EVP_sha1(), key, sizeof key, reinterpret_cast<const unsigned char*>(content.data()), content.size(), mac,
         &size);
    const std::string digest(reinterpret_cast<const char*>(mac), size);
    const std::string authorship = tagged(
        0x30, tagged(0x30, sha1 + tagged(0x04, digest)) + tagged(0x04, std::string(reinterpret_cast<char*>(salt), 8)));
    const std::string safe = tagged(0x30, data_oid + tagged(0xa0, tagged(0x04, content)));
    return tagged(0x30, std::string("\x02\x01\x03", 3) + safe + authorship);
}

void expect_whole(const Result<platform::Pfx>& pfx) {
    if (!pfx) {
        fuzz::expect_reason(pfx.error());
        return;
    }
    const auto key = platform::PrivateKey::of_pem(pfx->key);
    fuzz::expect(key.ok(), "a key that was taken can be read again");
    const auto fits = key->belongs(pfx->certificate);
    fuzz::expect(fits && *fits, "the certificate is the key's");
    for (const auto& der : pfx->chain) fuzz::expect(read_certificate(der).ok(), "a chain is made of certificates");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(reinterpret_cast<const char*>(data), size);
    expect_whole(platform::open_pfx(bytes, ""));
    if (size < most_bytes) expect_whole(platform::open_pfx(sealed(bytes), ""));
    const auto certificate = read_certificate(bytes);
    if (certificate) {
        const auto use = read_certificate_use(certificate->der);
        fuzz::expect(use.ok(), "what can be read as a certificate says what it is for");
        fuzz::expect(certificate->thumbprint == thumbprint_of(certificate->der), "it is named by its own bytes");
    } else {
        fuzz::expect_reason(certificate.error());
    }
    return 0;
}
