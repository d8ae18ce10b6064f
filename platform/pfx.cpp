#include "platform/pfx.h"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/pkcs7.h>
#include <openssl/provider.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "platform/base/freer.h"

namespace steward::platform {
namespace {

constexpr int most_safes = 16, most_bags = 64;
constexpr std::size_t most_certificates = 16;
constexpr long most_iterations = 2'000'000;  // about a second

void free_safes(STACK_OF(PKCS7) * stack) {
    sk_PKCS7_pop_free(stack, PKCS7_free);
}
void free_bags(STACK_OF(PKCS12_SAFEBAG) * stack) {
    sk_PKCS12_SAFEBAG_pop_free(stack, PKCS12_SAFEBAG_free);
}
using Bio = std::unique_ptr<BIO, Freer<BIO_free_all>>;
using File = std::unique_ptr<PKCS12, Freer<PKCS12_free>>;
using Safes = std::unique_ptr<STACK_OF(PKCS7), Freer<free_safes>>;
using Bags = std::unique_ptr<STACK_OF(PKCS12_SAFEBAG), Freer<free_bags>>;
using X509Ptr = std::unique_ptr<X509, Freer<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using Info = std::unique_ptr<PKCS8_PRIV_KEY_INFO, Freer<PKCS8_PRIV_KEY_INFO_free>>;

// Old algorithms (RC2), which Windows still writes, for as long as a file is opened and for this thread alone.
class OldAlgorithms {
  public:
    OldAlgorithms() : context_(OSSL_LIB_CTX_new()) {
        if (context_ == nullptr) return;
        usual_ = OSSL_PROVIDER_load(context_, "default");
        old_ = OSSL_PROVIDER_load(context_, "legacy");
        before_ = OSSL_LIB_CTX_set0_default(context_);
    }
    ~OldAlgorithms() {
        if (context_ == nullptr) return;
        OSSL_LIB_CTX_set0_default(before_);
        if (old_ != nullptr) OSSL_PROVIDER_unload(old_);
        if (usual_ != nullptr) OSSL_PROVIDER_unload(usual_);
        OSSL_LIB_CTX_free(context_);
        ERR_clear_error();
    }
    OldAlgorithms(const OldAlgorithms&) = delete;
    OldAlgorithms& operator=(const OldAlgorithms&) = delete;

    bool usable() const { return usual_ != nullptr; }
    bool old() const { return old_ != nullptr; }

  private:
    OSSL_LIB_CTX* context_ = nullptr;
    OSSL_LIB_CTX* before_ = nullptr;
    OSSL_PROVIDER *usual_ = nullptr, *old_ = nullptr;
};

Error malformed() {
    ERR_clear_error();
    return {Fault::malformed, "This is no PFX (PKCS #12) file.", {}};
}

Error too_costly() {
    return {
        Fault::too_large, "The PFX wants its password hashed more often than is accepted here (2 million times).", {}};
}

bool few(const ASN1_INTEGER* iterations) {
    std::int64_t count = 0;
    return iterations != nullptr && ASN1_INTEGER_get_int64(&count, iterations) == 1 && count >= 1 &&
           count <= most_iterations;
}

// Whether it costs no more than it should to turn the password into a key for this algorithm.
bool affordable(const X509_ALGOR* algorithm) {
    const ASN1_OBJECT* kind = nullptr;
    int type = 0;
    const void* value = nullptr;
    X509_ALGOR_get0(&kind, &type, &value, algorithm);
    if (type != V_ASN1_SEQUENCE) return false;
    const auto* parameters = static_cast<const ASN1_STRING*>(value);
    if (OBJ_obj2nid(kind) != NID_pbes2) {
        const std::unique_ptr<PBEPARAM, Freer<PBEPARAM_free>> simple(
            static_cast<PBEPARAM*>(ASN1_item_unpack(parameters, ASN1_ITEM_rptr(PBEPARAM))));
        return simple && few(simple->iter);
    }
    const std::unique_ptr<PBE2PARAM, Freer<PBE2PARAM_free>> both(
        static_cast<PBE2PARAM*>(ASN1_item_unpack(parameters, ASN1_ITEM_rptr(PBE2PARAM))));
    if (!both) return false;
    X509_ALGOR_get0(&kind, &type, &value, both->keyfunc);
    if (OBJ_obj2nid(kind) != NID_id_pbkdf2 || type != V_ASN1_SEQUENCE) return false;
    const std::unique_ptr<PBKDF2PARAM, Freer<PBKDF2PARAM_free>> hashing(static_cast<PBKDF2PARAM*>(
        ASN1_item_unpack(static_cast<const ASN1_STRING*>(value), ASN1_ITEM_rptr(PBKDF2PARAM))));
    return hashing && few(hashing->iter);
}

std::string der_of(const X509* certificate) {
    unsigned char* data = nullptr;
    const int size = i2d_X509(certificate, &data);
    if (size < 0) return {};
    std::string der(reinterpret_cast<const char*>(data), static_cast<std::size_t>(size));
    OPENSSL_free(data);
    return der;
}

// What stands in the safes, one bag after the other.
class Content {
  public:
    Content(const char* password, int size, bool old_algorithms)
        : password_(password), size_(size), old_algorithms_(old_algorithms) {}

    Outcome add(PKCS7* safe) {
        Bags bags;
        if (PKCS7_type_is_data(safe) != 0) {
            bags.reset(PKCS12_unpack_p7data(safe));
        } else if (PKCS7_type_is_encrypted(safe) != 0) {
            if (safe->d.encrypted == nullptr || safe->d.encrypted->enc_data == nullptr) return malformed();
            if (!affordable(safe->d.encrypted->enc_data->algorithm)) return too_costly();
            bags.reset(PKCS12_unpack_p7encdata(safe, password_, size_));
            if (!bags) return not_decrypted();
        }
        if (!bags) return malformed();
        if (sk_PKCS12_SAFEBAG_num(bags.get()) > most_bags) return crowded();
        for (int i = 0; i < sk_PKCS12_SAFEBAG_num(bags.get()); ++i) {
            if (auto added = add(sk_PKCS12_SAFEBAG_value(bags.get(), i)); !added) return added;
        }
        return {};
    }

    Result<Pfx> taken() {
        if (!key_) return Error{Fault::invalid, "The PFX holds no private key: export it again, with its key.", {}};
        const auto own = std::find_if(certificates_.begin(), certificates_.end(), [&](const X509Ptr& each) {
            EVP_PKEY* theirs = X509_get0_pubkey(each.get());
            return theirs != nullptr && EVP_PKEY_eq(theirs, key_.get()) == 1;
        });
        ERR_clear_error();
        if (own == certificates_.end()) {
            return Error{Fault::invalid, "The PFX holds no certificate that belongs to its private key.", {}};
        }
        Pfx pfx;
        pfx.certificate = der_of(own->get());
        const X509* last = own->get();
        while (pfx.chain.size() < certificates_.size()) {
            const auto above = std::find_if(certificates_.begin(), certificates_.end(), [&](const X509Ptr& each) {
                return each.get() != last && X509_check_issued(each.get(), const_cast<X509*>(last)) == X509_V_OK;
            });
            if (above == certificates_.end() || X509_self_signed(above->get(), 0) == 1) break;
            last = above->get();
            pfx.chain.push_back(der_of(last));
        }
        ERR_clear_error();
        const Bio out(BIO_new(BIO_s_secmem()));
        if (!out || PEM_write_bio_PKCS8PrivateKey(out.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1) {
            ERR_clear_error();
            return Error{
                Fault::unsupported, "The private key in the PFX is of a kind that this system does not know.", {}};
        }
        char* data = nullptr;
        const auto size = BIO_get_mem_data(out.get(), &data);
        pfx.key.assign(data, static_cast<std::size_t>(size));
        return pfx;
    }

  private:
    static Error crowded() {
        return {Fault::too_large, "The PFX holds more than a certificate, its chain and its key.", {}};
    }

    Error not_decrypted() const {
        ERR_clear_error();
        return {Fault::unsupported,
                std::string("The PFX is encrypted in a way that this system does not know") +
                    (old_algorithms_ ? "." : ": OpenSSL's legacy provider is not there. Export it with AES."),
                {}};
    }

    Outcome add(const PKCS12_SAFEBAG* bag) {
        switch (PKCS12_SAFEBAG_get_nid(bag)) {
            case NID_certBag: {
                if (PKCS12_SAFEBAG_get_bag_nid(bag) != NID_x509Certificate) return {};
                X509Ptr certificate(PKCS12_SAFEBAG_get1_cert(bag));
                if (!certificate) return malformed();
                if (certificates_.size() >= most_certificates) return crowded();
                certificates_.push_back(std::move(certificate));
                return {};
            }
            case NID_keyBag:
                return take_key(PKCS12_SAFEBAG_get0_p8inf(bag));
            case NID_pkcs8ShroudedKeyBag: {
                const X509_ALGOR* algorithm = nullptr;
                X509_SIG_get0(PKCS12_SAFEBAG_get0_pkcs8(bag), &algorithm, nullptr);
                if (!affordable(algorithm)) return too_costly();
                const Info opened(PKCS12_decrypt_skey(bag, password_, size_));
                if (!opened) return not_decrypted();
                return take_key(opened.get());
            }
            default:
                return {};  // secrets and lists of revocations are nothing to us
        }
    }

    Outcome take_key(const PKCS8_PRIV_KEY_INFO* info) {
        if (key_) return Error{Fault::invalid, "The PFX holds several private keys: export each by itself.", {}};
        key_.reset(info == nullptr ? nullptr : EVP_PKCS82PKEY(info));
        if (key_) return {};
        ERR_clear_error();
        return Error{Fault::unsupported, "The private key in the PFX is of a kind that this system does not know.", {}};
    }

    const char* password_;
    int size_;
    bool old_algorithms_;
    Key key_;
    std::vector<X509Ptr> certificates_;
};

Result<Pfx> open_in_context(std::string_view der, const std::string& password, bool old_algorithms) {
    const auto* data = reinterpret_cast<const unsigned char*>(der.data());
    const File file(d2i_PKCS12(nullptr, &data, static_cast<long>(der.size())));
    if (!file || data != reinterpret_cast<const unsigned char*>(der.data()) + der.size()) return malformed();
    if (PKCS12_mac_present(file.get()) == 0) {
        return Error{Fault::unsupported, "The PFX is not protected by a password (it has no MAC).", {}};
    }
    const ASN1_INTEGER* iterations = nullptr;
    PKCS12_get0_mac(nullptr, nullptr, nullptr, &iterations, file.get());
    if (iterations != nullptr && !few(iterations)) return too_costly();  // without a number it is 1
    // No password at all and an empty one are not the same, and either may have been meant.
    const char* opens = nullptr;
    const int size = static_cast<int>(password.size());
    if (PKCS12_verify_mac(file.get(), password.c_str(), size) == 1) {
        opens = password.c_str();
    } else if (!password.empty() || PKCS12_verify_mac(file.get(), nullptr, 0) != 1) {
        ERR_clear_error();
        return Error{Fault::invalid, "The password does not open the PFX, or the PFX is damaged.", {}};
    }
    const Safes safes(PKCS12_unpack_authsafes(file.get()));
    if (!safes || sk_PKCS7_num(safes.get()) > most_safes) return malformed();
    Content content(opens, size, old_algorithms);
    for (int i = 0; i < sk_PKCS7_num(safes.get()); ++i) {
        if (auto added = content.add(sk_PKCS7_value(safes.get(), i)); !added) return std::move(added).error();
    }
    return content.taken();
}

}  // namespace

Result<Pfx> open_pfx(std::string_view der, const std::string& password) {
    constexpr std::size_t longest_password = 1024;
    if (der.size() > longest_pfx) return Error{Fault::too_large, "A PFX of more than 512 KiB is refused.", {}};
    if (password.size() > longest_password || password.find('\0') != std::string::npos) {
        return Error{Fault::invalid, "A password has 1024 characters at most, and no NUL among them.", {}};
    }
    const OldAlgorithms algorithms;
    if (!algorithms.usable()) return Error{Fault::io, "OpenSSL could not be made ready to open a PFX.", {}};
    return open_in_context(der, password, algorithms.old());
}

}  // namespace steward::platform
