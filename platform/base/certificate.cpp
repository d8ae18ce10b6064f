#include "platform/base/certificate.h"

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <memory>
#include <optional>

#include "platform/base/bytes.h"
#include "platform/base/certificate_use.h"
#include "platform/base/digest.h"
#include "platform/base/freer.h"

namespace steward {
namespace {

constexpr std::size_t most_bytes = 1u << 20;
constexpr std::size_t most_certificates = 500;

using Bio = std::unique_ptr<BIO, Freer<BIO_free_all>>;
using X509Ptr = std::unique_ptr<X509, Freer<X509_free>>;
using Store = std::unique_ptr<X509_STORE, Freer<X509_STORE_free>>;
using Cms = std::unique_ptr<CMS_ContentInfo, Freer<CMS_ContentInfo_free>>;

Bio reader(std::string_view bytes) {
    return Bio(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
}

std::string content_of(BIO* bio) {
    char* data = nullptr;
    const auto size = BIO_get_mem_data(bio, &data);
    return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

// The newest entry of OpenSSL's queue, which is left empty.
std::string last_words() {
    const auto code = ERR_peek_last_error();
    ERR_clear_error();
    const char* reason = ERR_reason_error_string(code);
    return reason == nullptr ? "" : reason;
}

std::string line_of(const X509_NAME* name) {
    const Bio out(BIO_new(BIO_s_mem()));
    if (!out || X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB) < 0) return {};
    return content_of(out.get());
}

std::string utf8_of(const ASN1_STRING* string) {
    unsigned char* text = nullptr;
    const int size = string == nullptr ? -1 : ASN1_STRING_to_UTF8(&text, string);
    if (size < 0) return {};
    std::string copy(reinterpret_cast<const char*>(text), static_cast<std::size_t>(size));
    OPENSSL_free(text);
    return copy;
}

std::string common_name_of(const X509_NAME* name) {
    const int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
    if (at < 0) return {};
    return utf8_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
}

Instant instant_of(const ASN1_TIME* time) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
    using namespace std::chrono;
    const year_month_day date{year(parts.tm_year + 1900), month(static_cast<unsigned>(parts.tm_mon + 1)),
                              day(static_cast<unsigned>(parts.tm_mday))};
    return sys_days(date) + hours(parts.tm_hour) + minutes(parts.tm_min) + seconds(parts.tm_sec);
}

std::string upper_hex(std::string_view raw, std::string_view separator = {}) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text;
    for (std::size_t i = 0; i < raw.size(); ++i) {
        const auto byte = static_cast<unsigned char>(raw[i]);
        if (i != 0) text += separator;
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

std::string der_of(const X509* certificate) {
    unsigned char* data = nullptr;
    const int size = i2d_X509(certificate, &data);
    if (size < 0) return {};
    std::string der(reinterpret_cast<const char*>(data), static_cast<std::size_t>(size));
    OPENSSL_free(data);
    return der;
}

std::string key_pin_of(const X509* certificate) {
    unsigned char* data = nullptr;
    const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &data);
    if (size < 0) return {};
    const std::string key(reinterpret_cast<const char*>(data), static_cast<std::size_t>(size));
    OPENSSL_free(data);
    return to_base64(sha256(key));
}

bool is_pem(std::string_view bytes) {
    return bytes.find("-----BEGIN ") != std::string_view::npos;
}

// What stands between the first BEGIN line of a PEM text and its END line.
std::string body_of(std::string_view pem) {
    pem.remove_prefix(pem.find("-----BEGIN "));
    const auto begin = pem.find('\n');
    if (begin == std::string_view::npos) return {};
    pem.remove_prefix(begin);
    return from_base64(pem.substr(0, pem.find("-----END "))).value_or(std::string());
}

X509Ptr parse(std::string_view bytes) {
    if (bytes.empty() || bytes.size() > most_bytes) return nullptr;
    const Bio in = reader(bytes);
    if (!in) return nullptr;
    return X509Ptr(is_pem(bytes) ? PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr)
                                 : d2i_X509_bio(in.get(), nullptr));
}

using Names = std::unique_ptr<GENERAL_NAMES, Freer<GENERAL_NAMES_free>>;

std::string user_name_of(const X509* certificate) {
    const Names names(
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
        const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
        if (name->type != GEN_OTHERNAME || OBJ_obj2nid(name->d.otherName->type_id) != NID_ms_upn) continue;
        const ASN1_TYPE* value = name->d.otherName->value;
        if (value != nullptr && value->type == V_ASN1_UTF8STRING) return utf8_of(value->value.utf8string);
    }
    return {};
}

// Version 1 names the template itself (BMPString), version 2 its object identifier.
std::string template_of(const X509* certificate) {
    constexpr const char* oid_v1 = "1.3.6.1.4.1.311.20.2";
    constexpr const char* oid_v2 = "1.3.6.1.4.1.311.21.7";
    for (const char* oid : {oid_v1, oid_v2}) {
        const std::unique_ptr<ASN1_OBJECT, Freer<ASN1_OBJECT_free>> kind(OBJ_txt2obj(oid, 1));
        const int at = kind ? X509_get_ext_by_OBJ(certificate, kind.get(), -1) : -1;
        const ASN1_OCTET_STRING* value = at < 0 ? nullptr : X509_EXTENSION_get_data(X509_get_ext(certificate, at));
        if (value == nullptr) continue;
        const unsigned char* data = ASN1_STRING_get0_data(value);
        const std::unique_ptr<ASN1_TYPE, Freer<ASN1_TYPE_free>> parsed(
            d2i_ASN1_TYPE(nullptr, &data, ASN1_STRING_length(value)));
        if (!parsed) continue;
        if (parsed->type == V_ASN1_BMPSTRING) return utf8_of(parsed->value.bmpstring);
        if (parsed->type != V_ASN1_SEQUENCE) continue;
        const unsigned char* inside = ASN1_STRING_get0_data(parsed->value.sequence);
        const long all = ASN1_STRING_length(parsed->value.sequence);
        const unsigned char* content = inside;
        long size = 0;
        int tag = 0, kind_of_tag = 0;
        if ((ASN1_get_object(&content, &size, &tag, &kind_of_tag, all) & 0x80) != 0) continue;
        const std::unique_ptr<ASN1_OBJECT, Freer<ASN1_OBJECT_free>> name(d2i_ASN1_OBJECT(nullptr, &content, size));
        char text[128];
        const int length = name ? OBJ_obj2txt(text, sizeof text, name.get(), 1) : 0;
        if (length > 0 && length < static_cast<int>(sizeof text)) return text;
    }
    return {};
}

Store store_of(const std::vector<std::string>& authorities, Instant now) {
    Store store(X509_STORE_new());
    if (!store) return store;
    for (const auto& der : authorities) {
        if (const auto certificate = parse(der)) X509_STORE_add_cert(store.get(), certificate.get());
    }
    X509_VERIFY_PARAM* rules = X509_STORE_get0_param(store.get());
    X509_VERIFY_PARAM_set_time(rules, static_cast<std::time_t>(now.time_since_epoch().count()));
    // Without this OpenSSL asks for a mail certificate; who signs device files is for the authority to say.
    X509_VERIFY_PARAM_set_purpose(rules, X509_PURPOSE_ANY);
    return store;
}

}  // namespace

Result<Certificate> read_certificate(std::string_view bytes) {
    const auto parsed = parse(bytes);
    if (!parsed) return Error{Fault::malformed, "This is no X.509 certificate.", last_words()};
    return facts_of(parsed.get());
}

Certificate facts_of(const void* x509) {
    const auto* parsed = static_cast<const X509*>(x509);
    Certificate certificate;
    certificate.der = der_of(parsed);
    certificate.subject = line_of(X509_get_subject_name(parsed));
    certificate.issuer = line_of(X509_get_issuer_name(parsed));
    certificate.common_name = common_name_of(X509_get_subject_name(parsed));
    certificate.thumbprint = thumbprint_of(certificate.der);
    certificate.fingerprint = upper_hex(sha256(certificate.der), ":");
    certificate.key_pin = key_pin_of(parsed);
    certificate.not_before = instant_of(X509_get0_notBefore(parsed));
    certificate.not_after = instant_of(X509_get0_notAfter(parsed));
    return certificate;
}

Result<CertificateUse> read_certificate_use(std::string_view der) {
    const auto parsed = parse(der);
    if (!parsed) return Error{Fault::malformed, "This is no X.509 certificate.", last_words()};
    constexpr int basic_constraints = 1, self_signed_version_1 = 3;
    CertificateUse use;
    const int authority = X509_check_ca(parsed.get());
    use.authority = authority == basic_constraints || authority == self_signed_version_1;
    const auto usage = X509_get_extended_key_usage(parsed.get());  // all bits set where there is none
    use.signs_in = (usage & (XKU_SSL_CLIENT | XKU_ANYEKU)) != 0;
    use.user_name = user_name_of(parsed.get());
    use.template_name = template_of(parsed.get());
    ERR_clear_error();
    return use;
}

Result<std::vector<std::string>> read_certificates(std::string_view pem) {
    std::vector<std::string> all;
    const Bio in = pem.size() <= most_bytes * 8 ? reader(pem) : nullptr;
    while (in && all.size() <= most_certificates) {
        const X509Ptr certificate(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
        if (!certificate) break;
        all.push_back(der_of(certificate.get()));
    }
    const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    const std::string words = last_words();
    if (all.empty() || !at_end) {
        return Error{Fault::malformed, "This is no list of certificates in PEM form.", at_end ? "" : words};
    }
    return all;
}

std::string to_pem(std::string_view certificate) {
    constexpr std::size_t line = 64;
    const std::string text = to_base64(certificate);
    std::string pem = "-----BEGIN CERTIFICATE-----\n";
    for (std::size_t at = 0; at < text.size(); at += line) (pem += text.substr(at, line)) += '\n';
    return pem + "-----END CERTIFICATE-----\n";
}

std::string thumbprint_of(std::string_view der) {
    unsigned char raw[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    if (EVP_Digest(der.data(), der.size(), raw, &size, EVP_sha1(), nullptr) != 1) return {};
    return upper_hex({reinterpret_cast<const char*>(raw), size});
}

Result<std::string> verify_message(std::string_view message, std::string_view authorities, Instant now) {
    const auto trusted = read_certificates(authorities);
    if (!trusted) return trusted.error();
    const std::string der = is_pem(message) ? body_of(message) : std::string(message);
    const Bio in = der.size() <= most_bytes * 8 ? reader(der) : nullptr;
    const Cms cms(in ? d2i_CMS_bio(in.get(), nullptr) : nullptr);
    if (!cms || OBJ_obj2nid(CMS_get0_type(cms.get())) != NID_pkcs7_signed) {
        ERR_clear_error();
        return Error{Fault::malformed, "This is no signed message (CMS SignedData).", {}};
    }
    const Store store = store_of(*trusted, now);
    const Bio out(BIO_new(BIO_s_mem()));
    if (!store || !out) return Error{Fault::full, "There is no memory to check a signature.", {}};
    if (CMS_verify(cms.get(), nullptr, store.get(), nullptr, out.get(), CMS_BINARY) != 1) {
        return Error{Fault::denied, "The signature is not one that the given authorities vouch for.", last_words()};
    }
    return content_of(out.get());
}

Result<std::string> seal_message(std::string_view content, std::string_view certificate) {
    const Error failed{Fault::invalid, "A message can't be sealed for this certificate.", {}};
    const auto recipient = parse(certificate);
    const Bio in = reader(content);
    const Bio out(BIO_new(BIO_s_mem()));
    const Cms cms(CMS_encrypt(nullptr, nullptr, EVP_aes_256_cbc(), CMS_BINARY | CMS_PARTIAL));
    CMS_RecipientInfo* info =
        recipient && cms ? CMS_add1_recipient_cert(cms.get(), recipient.get(), CMS_KEY_PARAM) : nullptr;
    if (info == nullptr || !in || !out) return Error{failed.fault, failed.what, last_words()};
    if (EVP_PKEY_is_a(X509_get0_pubkey(recipient.get()), "RSA") == 1) {
        EVP_PKEY_CTX* key = CMS_RecipientInfo_get0_pkey_ctx(info);
        if (EVP_PKEY_CTX_set_rsa_padding(key, RSA_PKCS1_OAEP_PADDING) != 1 ||
            EVP_PKEY_CTX_set_rsa_oaep_md(key, EVP_sha256()) != 1) {
            return Error{failed.fault, failed.what, last_words()};
        }
    }
    if (CMS_final(cms.get(), in.get(), nullptr, CMS_BINARY) != 1 || i2d_CMS_bio(out.get(), cms.get()) != 1) {
        return Error{failed.fault, failed.what, last_words()};
    }
    return content_of(out.get());
}

}  // namespace steward
