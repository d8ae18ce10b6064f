#include "platform/private_key.h"

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <limits>

#include "platform/base/freer.h"

namespace steward::platform {
namespace {

constexpr const char* device_id_extension = "1.3.6.1.4.1.311.66.1.0";
constexpr int fewest_bits = 2048, most_bits = 8192;

void free_stack(STACK_OF(X509_EXTENSION) * stack) {
    sk_X509_EXTENSION_pop_free(stack, X509_EXTENSION_free);
}
using Bio = std::unique_ptr<BIO, Freer<BIO_free_all>>;
using X509Ptr = std::unique_ptr<X509, Freer<X509_free>>;
using Context = std::unique_ptr<EVP_PKEY_CTX, Freer<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freer<EVP_MD_CTX_free>>;
using Request = std::unique_ptr<X509_REQ, Freer<X509_REQ_free>>;
using Extensions = std::unique_ptr<STACK_OF(X509_EXTENSION), Freer<free_stack>>;
using Cms = std::unique_ptr<CMS_ContentInfo, Freer<CMS_ContentInfo_free>>;

Error failed(const std::string& what) {
    const char* words = nullptr;  // of whoever holds the key
    int flags = 0;
    const auto code = ERR_peek_last_error_data(&words, &flags);
    const char* reason = ERR_reason_error_string(code);
    std::string evidence = reason == nullptr ? "" : reason;
    if ((flags & ERR_TXT_STRING) != 0 && words != nullptr && *words != '\0') evidence = words;
    ERR_clear_error();
    return {Fault::io, what, evidence};
}

EVP_PKEY* raw(const std::shared_ptr<void>& key) {
    return static_cast<EVP_PKEY*>(key.get());
}

std::shared_ptr<void> own(EVP_PKEY* key) {
    return {key, [](void* old) { EVP_PKEY_free(static_cast<EVP_PKEY*>(old)); }};
}

Bio reader(std::string_view bytes) {
    return Bio(bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())
                   ? nullptr
                   : BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
}

template <class T, auto Encode>
Result<std::string> der_of(T* object) {
    unsigned char* data = nullptr;
    const int size = Encode(object, &data);
    if (size < 0) return failed("What was signed could not be encoded.");
    std::string der(reinterpret_cast<const char*>(data), static_cast<std::size_t>(size));
    OPENSSL_free(data);
    return der;
}

X509Ptr certificate_of(std::string_view der) {
    const Bio in = reader(der);
    return X509Ptr(in ? d2i_X509_bio(in.get(), nullptr) : nullptr);
}

// A library that wants a password for an unencrypted key gets none, rather than asking at the terminal.
int no_password(char*, int, int, void*) {
    return -1;
}

// PrintableString where the characters allow it (S24), UTF8String otherwise.
bool add_name(X509_NAME* subject, const std::string& text) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    const int size = static_cast<int>(text.size());
    const bool plain = ASN1_PRINTABLE_type(bytes, size) == V_ASN1_PRINTABLESTRING;
    return X509_NAME_add_entry_by_NID(subject, NID_commonName, plain ? V_ASN1_PRINTABLESTRING : MBSTRING_UTF8, bytes,
                                      size, -1, 0) == 1;
}

bool add_extensions(X509_REQ* request, const std::string& device_id) {
    const Extensions list(sk_X509_EXTENSION_new_null());
    if (!list) return false;
    X509_EXTENSION* usage = X509V3_EXT_conf_nid(nullptr, nullptr, NID_ext_key_usage, "clientAuth");
    if (usage == nullptr || sk_X509_EXTENSION_push(list.get(), usage) == 0) return false;
    if (!device_id.empty()) {
        const std::unique_ptr<ASN1_OBJECT, Freer<ASN1_OBJECT_free>> kind(OBJ_txt2obj(device_id_extension, 1));
        const std::unique_ptr<ASN1_OCTET_STRING, Freer<ASN1_OCTET_STRING_free>> value(ASN1_OCTET_STRING_new());
        if (!kind || !value ||
            ASN1_OCTET_STRING_set(value.get(), reinterpret_cast<const unsigned char*>(device_id.data()),
                                  static_cast<int>(device_id.size())) != 1) {
            return false;
        }
        X509_EXTENSION* made = X509_EXTENSION_create_by_OBJ(nullptr, kind.get(), 0, value.get());
        if (made == nullptr || sk_X509_EXTENSION_push(list.get(), made) == 0) return false;
    }
    return X509_REQ_add_extensions(request, list.get()) == 1;
}

}  // namespace

Result<PrivateKey> PrivateKey::make(const KeySpec& spec) {
    if (spec.rsa_bits < fewest_bits || spec.rsa_bits > most_bits) {
        return Error{Fault::invalid,
                     "A key of " + std::to_string(spec.rsa_bits) + " bits is refused: 2048 to 8192 are made here.",
                     {}};
    }
    EVP_PKEY* made = EVP_RSA_gen(static_cast<unsigned>(spec.rsa_bits));
    if (made == nullptr) return failed("A private key could not be made.");
    return PrivateKey(own(made));
}

Result<PrivateKey> PrivateKey::of_pem(std::string_view pem) {
    const Bio in = reader(pem);
    EVP_PKEY* key = in ? PEM_read_bio_PrivateKey(in.get(), nullptr, no_password, nullptr) : nullptr;
    if (key == nullptr) {
        auto error = failed("The private key is damaged: enrol again to get a new one.");
        error.fault = Fault::malformed;
        return error;
    }
    return PrivateKey(own(key));
}

Result<std::string> PrivateKey::pem() const {
    const Bio out(BIO_new(BIO_s_secmem()));
    if (!out || PEM_write_bio_PKCS8PrivateKey(out.get(), raw(key_), nullptr, nullptr, 0, nullptr, nullptr) != 1) {
        return failed("The private key could not be encoded.");
    }
    char* data = nullptr;
    const auto size = BIO_get_mem_data(out.get(), &data);
    return std::string(data, static_cast<std::size_t>(size));
}

Result<std::string> PrivateKey::request(const RequestFacts& facts) const {
    const Request request(X509_REQ_new());
    const bool made = request && X509_REQ_set_version(request.get(), X509_REQ_VERSION_1) == 1 &&
                      add_name(X509_REQ_get_subject_name(request.get()), facts.common_name) &&
                      X509_REQ_set_pubkey(request.get(), raw(key_)) == 1 &&
                      add_extensions(request.get(), facts.device_id) &&
                      X509_REQ_sign(request.get(), raw(key_), EVP_sha256()) > 0;
    if (!made) return failed("The certificate request could not be made.");
    return der_of<X509_REQ, i2d_X509_REQ>(request.get());
}

Result<std::string> PrivateKey::sign_message(std::string_view certificate, std::string_view content) const {
    const auto signer = certificate_of(certificate);
    const Bio in = reader(content);
    const Cms cms(signer && in ? CMS_sign(signer.get(), raw(key_), nullptr, in.get(), CMS_BINARY | CMS_NOSMIMECAP)
                               : nullptr);
    if (!cms) return failed("The message could not be signed.");
    return der_of<CMS_ContentInfo, i2d_CMS_ContentInfo>(cms.get());
}

Result<std::string> PrivateKey::sign_block(Padding padding, std::string_view block) const {
    const int kind = EVP_PKEY_get_base_id(raw(key_));
    if (kind != EVP_PKEY_RSA && kind != EVP_PKEY_EC) {
        return Error{Fault::unsupported, "The private key is neither RSA nor EC; no other can be used from here.", {}};
    }
    const Context context(EVP_PKEY_CTX_new(raw(key_), nullptr));
    const auto* data = reinterpret_cast<const unsigned char*>(block.data());
    std::size_t size = 0;
    const int around = padding == Padding::none ? RSA_NO_PADDING : RSA_PKCS1_PADDING;
    std::string signature;
    bool made = context && EVP_PKEY_sign_init(context.get()) == 1 &&
                (kind == EVP_PKEY_EC || EVP_PKEY_CTX_set_rsa_padding(context.get(), around) == 1) &&
                EVP_PKEY_sign(context.get(), nullptr, &size, data, block.size()) == 1;
    if (made) {
        signature.resize(size);
        made = EVP_PKEY_sign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, data,
                             block.size()) == 1;
        signature.resize(size);
    }
    if (!made) return failed("The private key could not be used.");
    return signature;
}

Result<std::string> PrivateKey::sign(std::string_view bytes) const {
    const DigestContext context(EVP_MD_CTX_new());
    const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
    std::size_t size = 0;
    if (!context || EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, raw(key_)) != 1 ||
        EVP_DigestSign(context.get(), nullptr, &size, data, bytes.size()) != 1) {
        return failed("The bytes could not be signed.");
    }
    std::string signature(size, '\0');
    if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, data, bytes.size()) !=
        1) {
        return failed("The bytes could not be signed.");
    }
    signature.resize(size);
    return signature;
}

// Verified by way of its encoding, in which the public half alone is left.
Outcome PrivateKey::suits_tls() const {
    constexpr std::string_view text = "Steward";
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    const Bio encoded(BIO_new(BIO_s_mem()));
    const bool written = encoded && i2d_PUBKEY_bio(encoded.get(), raw(key_)) == 1;
    const auto shown = own(written ? d2i_PUBKEY_bio(encoded.get(), nullptr) : nullptr);
    if (!shown) return failed("The private key does not show its public half.");
    for (const int padding : {RSA_PKCS1_PADDING, RSA_PKCS1_PSS_PADDING}) {
        const auto set = [&](EVP_PKEY_CTX* how) {
            return EVP_PKEY_CTX_set_rsa_padding(how, padding) == 1 &&
                   (padding == RSA_PKCS1_PADDING || EVP_PKEY_CTX_set_rsa_pss_saltlen(how, RSA_PSS_SALTLEN_DIGEST) == 1);
        };
        const DigestContext signing(EVP_MD_CTX_new()), verifying(EVP_MD_CTX_new());
        EVP_PKEY_CTX *ours = nullptr, *theirs = nullptr;
        std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(raw(shown))), '\0');
        auto* to = reinterpret_cast<unsigned char*>(signature.data());
        std::size_t size = signature.size();
        const bool fits = signing && verifying &&
                          EVP_DigestSignInit(signing.get(), &ours, EVP_sha256(), nullptr, raw(key_)) == 1 &&
                          set(ours) && EVP_DigestSign(signing.get(), to, &size, bytes, text.size()) == 1 &&
                          EVP_DigestVerifyInit(verifying.get(), &theirs, EVP_sha256(), nullptr, raw(shown)) == 1 &&
                          set(theirs) && EVP_DigestVerify(verifying.get(), to, size, bytes, text.size()) == 1;
        if (!fits) return failed("The private key does not sign as TLS needs it.");
    }
    return {};
}

Result<bool> PrivateKey::belongs(std::string_view certificate) const {
    const auto parsed = certificate_of(certificate);
    if (!parsed) {
        ERR_clear_error();
        return Error{Fault::malformed, "This is no X.509 certificate.", {}};
    }
    EVP_PKEY* theirs = X509_get0_pubkey(parsed.get());
    const bool same = theirs != nullptr && EVP_PKEY_eq(theirs, raw(key_)) == 1;
    ERR_clear_error();
    return same;
}

}  // namespace steward::platform
