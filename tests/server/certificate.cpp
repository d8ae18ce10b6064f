#include "tests/server/certificate.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>

#include "platform/base/certificate.h"
#include "tests/server/freed.h"

namespace steward::server {
namespace {

using X509Pointer = std::unique_ptr<X509, Freed<X509_free>>;
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

}  // namespace

Result<CertificateFacts> facts_of(std::string_view certificate) {
    // All of the bytes must be it: what follows a certificate is none of it.
    if (!parsed<X509Pointer, d2i_X509>(certificate)) {
        return Error{Fault::malformed, "The certificate cannot be read.", {}};
    }
    auto read = read_certificate(certificate);
    if (!read) return read.error();
    CertificateFacts facts;
    facts.der = certificate;
    facts.thumbprint = std::move(read->thumbprint);
    facts.common_name = std::move(read->common_name);
    facts.not_before = read->not_before;
    facts.not_after = read->not_after;
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
    const auto read = parsed<X509Pointer, d2i_X509>(certificate);
    EVP_PKEY* key = read ? X509_get0_pubkey(read.get()) : nullptr;
    const Digest context(EVP_MD_CTX_new());
    const bool right =
        key != nullptr && context && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
        EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(data), data.size()) == 1;
    ERR_clear_error();
    return right;
}

}  // namespace steward::server
