#include "tests/server/certificate.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

#include <memory>

#include "platform/base/bytes.h"
#include "tests/server/freed.h"

namespace steward::server {
namespace {

using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Request = std::unique_ptr<X509_REQ, Freed<X509_REQ_free>>;
using Digest = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

// Parsed DER; empty where the bytes are something else or more.
template <class Pointer, auto Parse>
Pointer parsed(std::string_view bytes) {
    const auto* at = bytes_of(bytes);
    const auto* end = at + bytes.size();
    Pointer made(Parse(nullptr, &at, static_cast<long>(bytes.size())));
    if (at != end) made.reset();
    ERR_clear_error();
    return made;
}

std::string common_name_of(const X509_NAME* name) {
    const int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
    if (at < 0) return {};
    unsigned char* text = nullptr;
    const int size = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
    if (size < 0) return {};
    std::string made(reinterpret_cast<const char*>(text), static_cast<std::size_t>(size));
    OPENSSL_free(text);
    return made;
}

Instant instant_of(const ASN1_TIME* time) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
    return Instant(std::chrono::seconds(timegm(&parts)));
}

std::string upper_hex(std::string_view raw) {
    auto text = to_hex(raw);
    for (auto& c : text) {
        if (c >= 'a' && c <= 'f') c = static_cast<char>(c - 'a' + 'A');
    }
    return text;
}

}  // namespace

Result<CertificateFacts> facts_of(std::string_view certificate) {
    const auto read = parsed<Certificate, d2i_X509>(certificate);
    if (!read) return Error{Fault::malformed, "The certificate cannot be read.", {}};
    unsigned char digest[SHA_DIGEST_LENGTH];
    SHA1(bytes_of(certificate), certificate.size(), digest);
    CertificateFacts facts;
    facts.der = certificate;
    facts.thumbprint = upper_hex({reinterpret_cast<const char*>(digest), sizeof digest});
    facts.common_name = common_name_of(X509_get_subject_name(read.get()));
    facts.not_before = instant_of(X509_get0_notBefore(read.get()));
    facts.not_after = instant_of(X509_get0_notAfter(read.get()));
    return facts;
}

Result<RequestFacts> facts_of_request(std::string_view request) {
    const auto read = parsed<Request, d2i_X509_REQ>(request);
    EVP_PKEY* key = read ? X509_REQ_get0_pubkey(read.get()) : nullptr;
    ERR_clear_error();
    if (key == nullptr) return Error{Fault::malformed, "The certificate request is no PKCS#10.", {}};
    const bool proved = X509_REQ_verify(read.get(), key) == 1;
    ERR_clear_error();
    if (!proved) return Error{Fault::denied, "The certificate request is not signed by the key inside it.", {}};
    RequestFacts facts;
    facts.common_name = common_name_of(X509_REQ_get_subject_name(read.get()));
    const char* kind = EVP_PKEY_get0_type_name(key);
    facts.key = kind == nullptr ? "" : kind;
    facts.bits = EVP_PKEY_get_bits(key);
    int digest = NID_undef;
    if (OBJ_find_sigid_algs(X509_REQ_get_signature_nid(read.get()), &digest, nullptr) == 1 && digest != NID_undef) {
        facts.digest = OBJ_nid2sn(digest);
    }
    return facts;
}

bool signed_by(std::string_view certificate, std::string_view data, std::string_view signature) {
    const auto read = parsed<Certificate, d2i_X509>(certificate);
    EVP_PKEY* key = read ? X509_get0_pubkey(read.get()) : nullptr;
    const Digest context(EVP_MD_CTX_new());
    const bool right =
        key != nullptr && context && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
        EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(data), data.size()) == 1;
    ERR_clear_error();
    return right;
}

}  // namespace steward::server
