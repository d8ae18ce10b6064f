// A provider of OpenSSL within this program. RSA_METHOD, which would be shorter, pads by itself and wants the bare
// operation of the key; a TPM pads by itself, too.
#include "platform/lent_key.h"

#include <openssl/bn.h>
#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/param_build.h>
#include <openssl/provider.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <utility>

#include "platform/base/freer.h"

namespace steward::platform {
namespace {

constexpr const char* provider_name = "steward-lent-keys";
constexpr const char* property = "provider=steward-lent-keys";
constexpr const char* holder_parameter = "steward-holder";
constexpr std::size_t address_size = sizeof(std::uintptr_t);  // of a holder within this program

using Number = std::unique_ptr<BIGNUM, Freer<BN_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freer<EVP_MD_CTX_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Freer<OSSL_PARAM_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Freer<OSSL_PARAM_BLD_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freer<EVP_PKEY_CTX_free>>;

struct Lent {
    Number modulus, exponent;
    std::shared_ptr<KeyHolder> holder;  // none: the public half of somebody's key, to compare with
};

struct Signing {
    std::shared_ptr<Lent> key;
    DigestContext digest;
    Scheme scheme = Scheme::pkcs1;
};

// Keys are counted: a signature that has begun may outlive the EVP_PKEY.
using KeyData = std::shared_ptr<Lent>;

Lent& lent(const void* data) {
    return **static_cast<const KeyData*>(data);
}

std::size_t size_of(const Lent& key) {
    return static_cast<std::size_t>(BN_num_bytes(key.modulus.get()));
}

std::optional<Digest> digest_of(const EVP_MD* kind) {
    constexpr std::pair<const char*, Digest> names[] = {
        {"SHA1", Digest::sha1}, {"SHA256", Digest::sha256}, {"SHA384", Digest::sha384}, {"SHA512", Digest::sha512}};
    for (const auto& [name, digest] : names) {
        if (kind != nullptr && EVP_MD_is_a(kind, name) == 1) return digest;
    }
    return std::nullopt;
}

// --- The key.

void* key_new(void*) {
    return new KeyData(std::make_shared<Lent>());
}

void key_free(void* data) {
    delete static_cast<KeyData*>(data);
}

int key_has(const void* data, int selection) {
    const bool shown = lent(data).modulus && lent(data).exponent;
    if ((selection & OSSL_KEYMGMT_SELECT_PUBLIC_KEY) != 0 && !shown) return 0;
    return (selection & OSSL_KEYMGMT_SELECT_PRIVATE_KEY) == 0 || lent(data).holder ? 1 : 0;
}

int key_match(const void* one, const void* other, int) {
    const Lent &a = lent(one), &b = lent(other);
    return a.modulus && b.modulus && BN_cmp(a.modulus.get(), b.modulus.get()) == 0 &&
                   BN_cmp(a.exponent.get(), b.exponent.get()) == 0
               ? 1
               : 0;
}

Number number_in(const OSSL_PARAM parameters[], const char* name) {
    BIGNUM* number = nullptr;
    const auto* found = OSSL_PARAM_locate_const(parameters, name);
    if (found == nullptr || OSSL_PARAM_get_BN(found, &number) != 1) return nullptr;
    return Number(number);
}

int key_import(void* data, int, const OSSL_PARAM parameters[]) {
    auto& key = lent(data);
    key.modulus = number_in(parameters, OSSL_PKEY_PARAM_RSA_N);
    key.exponent = number_in(parameters, OSSL_PKEY_PARAM_RSA_E);
    const std::shared_ptr<KeyHolder>* holder = nullptr;
    const void* bytes = nullptr;
    std::size_t size = 0;
    if (const auto* found = OSSL_PARAM_locate_const(parameters, holder_parameter)) {
        if (OSSL_PARAM_get_octet_string_ptr(found, &bytes, &size) != 1 || size != address_size) return 0;
        std::copy_n(static_cast<const char*>(bytes), size, reinterpret_cast<char*>(&holder));
        key.holder = *holder;
    }
    return key.modulus && key.exponent ? 1 : 0;
}

// The public half: whoever is to sign must come here for it.
int key_export(void* data, int selection, OSSL_CALLBACK* take, void* argument) {
    if ((selection & OSSL_KEYMGMT_SELECT_PRIVATE_KEY) != 0) return 0;
    const Builder builder(OSSL_PARAM_BLD_new());
    if (!builder || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, lent(data).modulus.get()) != 1 ||
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, lent(data).exponent.get()) != 1) {
        return 0;
    }
    const Parameters made(OSSL_PARAM_BLD_to_param(builder.get()));
    return made ? take(made.get(), argument) : 0;
}

const OSSL_PARAM* key_parts(int) {
    static const OSSL_PARAM parts[] = {OSSL_PARAM_BN(OSSL_PKEY_PARAM_RSA_N, nullptr, 0),
                                       OSSL_PARAM_BN(OSSL_PKEY_PARAM_RSA_E, nullptr, 0),
                                       OSSL_PARAM_octet_string(holder_parameter, nullptr, 0), OSSL_PARAM_END};
    return parts;
}

int key_facts(void* data, OSSL_PARAM parameters[]) {
    const auto& key = lent(data);
    const int bits = BN_num_bits(key.modulus.get());
    const std::pair<const char*, int> facts[] = {{OSSL_PKEY_PARAM_BITS, bits},
                                                 {OSSL_PKEY_PARAM_SECURITY_BITS, BN_security_bits(bits, -1)},
                                                 {OSSL_PKEY_PARAM_MAX_SIZE, static_cast<int>(size_of(key))}};
    for (const auto& [name, value] : facts) {
        auto* asked = OSSL_PARAM_locate(parameters, name);
        if (asked != nullptr && OSSL_PARAM_set_int(asked, value) != 1) return 0;
    }
    auto* digest = OSSL_PARAM_locate(parameters, OSSL_PKEY_PARAM_DEFAULT_DIGEST);
    return digest == nullptr || OSSL_PARAM_set_utf8_string(digest, "SHA256") == 1 ? 1 : 0;
}

const OSSL_PARAM* known_facts(void*) {
    static const OSSL_PARAM facts[] = {
        OSSL_PARAM_int(OSSL_PKEY_PARAM_BITS, nullptr), OSSL_PARAM_int(OSSL_PKEY_PARAM_SECURITY_BITS, nullptr),
        OSSL_PARAM_int(OSSL_PKEY_PARAM_MAX_SIZE, nullptr),
        OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_DEFAULT_DIGEST, nullptr, 0), OSSL_PARAM_END};
    return facts;
}

// --- Its signatures.

void* signing_new(void*, const char*) {
    return new Signing;
}

void signing_free(void* data) {
    delete static_cast<Signing*>(data);
}

void* signing_copy(void* data) {
    const auto& from = *static_cast<Signing*>(data);
    auto copy = std::make_unique<Signing>();
    copy->key = from.key;
    copy->scheme = from.scheme;
    copy->digest.reset(from.digest ? EVP_MD_CTX_new() : nullptr);
    if (from.digest && (!copy->digest || EVP_MD_CTX_copy_ex(copy->digest.get(), from.digest.get()) != 1))
        return nullptr;
    return copy.release();
}

// Empty: it is no text.
std::string text_of(const OSSL_PARAM& parameter) {
    const char* text = nullptr;
    return OSSL_PARAM_get_utf8_string_ptr(&parameter, &text) == 1 && text != nullptr ? text : "";
}

std::optional<int> number_of(const OSSL_PARAM& parameter) {
    int number = 0;
    return OSSL_PARAM_get_int(&parameter, &number) == 1 ? std::optional(number) : std::nullopt;
}

// OpenSSL says the same thing by names and by numbers.
int signing_set(void* data, const OSSL_PARAM parameters[]) {
    auto& signing = *static_cast<Signing*>(data);
    if (parameters == nullptr) return 1;
    if (const auto* padding = OSSL_PARAM_locate_const(parameters, OSSL_SIGNATURE_PARAM_PAD_MODE)) {
        const auto text = text_of(*padding);
        const auto number = number_of(*padding);
        const bool pss = text == OSSL_PKEY_RSA_PAD_MODE_PSS || number == RSA_PKCS1_PSS_PADDING;
        if (!pss && text != OSSL_PKEY_RSA_PAD_MODE_PKCSV15 && number != RSA_PKCS1_PADDING) return 0;
        signing.scheme = pss ? Scheme::pss : Scheme::pkcs1;
    }
    if (const auto* salt = OSSL_PARAM_locate_const(parameters, OSSL_SIGNATURE_PARAM_PSS_SALTLEN)) {
        const bool as_digest = text_of(*salt) == OSSL_PKEY_RSA_PSS_SALT_LEN_DIGEST ||
                               text_of(*salt) == std::to_string(RSA_PSS_SALTLEN_DIGEST) ||
                               number_of(*salt) == RSA_PSS_SALTLEN_DIGEST;
        if (!as_digest) return 0;
    }
    return 1;
}

const OSSL_PARAM* signing_settings(void*, void*) {
    static const OSSL_PARAM settings[] = {OSSL_PARAM_utf8_string(OSSL_SIGNATURE_PARAM_PAD_MODE, nullptr, 0),
                                          OSSL_PARAM_utf8_string(OSSL_SIGNATURE_PARAM_PSS_SALTLEN, nullptr, 0),
                                          OSSL_PARAM_END};
    return settings;
}

int signing_begin(void* data, const char* digest, void* key, const OSSL_PARAM parameters[]) {
    auto& signing = *static_cast<Signing*>(data);
    if (key != nullptr) signing.key = *static_cast<const KeyData*>(key);
    const std::unique_ptr<EVP_MD, Freer<EVP_MD_free>> kind(
        EVP_MD_fetch(nullptr, digest == nullptr ? "SHA256" : digest, nullptr));
    if (!signing.key || !signing.key->holder || !digest_of(kind.get())) return 0;
    signing.digest.reset(EVP_MD_CTX_new());
    return signing.digest && EVP_DigestInit_ex(signing.digest.get(), kind.get(), nullptr) == 1
               ? signing_set(data, parameters)
               : 0;
}

int signing_go_on(void* data, const unsigned char* bytes, std::size_t size) {
    const auto& signing = *static_cast<Signing*>(data);
    return signing.digest ? EVP_DigestUpdate(signing.digest.get(), bytes, size) : 0;
}

int signing_end(void* data, unsigned char* to, std::size_t* written, std::size_t room) {
    const auto& signing = *static_cast<Signing*>(data);
    if (!signing.digest) return 0;
    *written = size_of(*signing.key);
    if (to == nullptr) return 1;
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
    unsigned size = 0;
    const auto digest = digest_of(EVP_MD_CTX_get0_md(signing.digest.get()));
    if (room < *written || !digest || EVP_DigestFinal_ex(signing.digest.get(), hash.data(), &size) != 1) return 0;
    const auto made =
        signing.key->holder->sign(*digest, signing.scheme, {reinterpret_cast<const char*>(hash.data()), size});
    if (!made) {
        ERR_raise_data(ERR_LIB_EVP, ERR_R_OPERATION_FAIL, "%s %s", made.error().what.c_str(),
                       made.error().evidence.c_str());
        return 0;
    }
    if (made->size() != *written) return 0;
    std::copy(made->begin(), made->end(), to);
    return 1;
}

// What certificate requests and messages say of their signatures.
bool put_algorithm(const Signing& signing, OSSL_PARAM& asked) {
    int both = 0;
    const EVP_MD* digest = signing.digest ? EVP_MD_CTX_get0_md(signing.digest.get()) : nullptr;
    const std::unique_ptr<X509_ALGOR, Freer<X509_ALGOR_free>> algorithm(X509_ALGOR_new());
    if (digest == nullptr || !algorithm || signing.scheme != Scheme::pkcs1 ||
        OBJ_find_sigid_by_algs(&both, EVP_MD_get_type(digest), NID_rsaEncryption) != 1 ||
        X509_ALGOR_set0(algorithm.get(), OBJ_nid2obj(both), V_ASN1_NULL, nullptr) != 1) {
        return false;
    }
    unsigned char* der = nullptr;
    const int size = i2d_X509_ALGOR(algorithm.get(), &der);
    const bool put = size > 0 && OSSL_PARAM_set_octet_string(&asked, der, static_cast<std::size_t>(size)) == 1;
    OPENSSL_free(der);
    return put;
}

int signing_facts(void* data, OSSL_PARAM parameters[]) {
    const auto& signing = *static_cast<Signing*>(data);
    if (auto* asked = OSSL_PARAM_locate(parameters, OSSL_SIGNATURE_PARAM_ALGORITHM_ID)) {
        if (!put_algorithm(signing, *asked)) return 0;
    }
    auto* asked = OSSL_PARAM_locate(parameters, OSSL_SIGNATURE_PARAM_PAD_MODE);
    if (asked == nullptr) return 1;
    const bool pss = signing.scheme == Scheme::pss;
    return asked->data_type == OSSL_PARAM_UTF8_STRING
               ? OSSL_PARAM_set_utf8_string(asked, pss ? OSSL_PKEY_RSA_PAD_MODE_PSS : OSSL_PKEY_RSA_PAD_MODE_PKCSV15)
               : OSSL_PARAM_set_int(asked, pss ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING);
}

const OSSL_PARAM* known_of_signing(void*, void*) {
    static const OSSL_PARAM facts[] = {OSSL_PARAM_octet_string(OSSL_SIGNATURE_PARAM_ALGORITHM_ID, nullptr, 0),
                                       OSSL_PARAM_utf8_string(OSSL_SIGNATURE_PARAM_PAD_MODE, nullptr, 0),
                                       OSSL_PARAM_END};
    return facts;
}

// --- How OpenSSL finds them.

using Function = void (*)();
template <class F>
OSSL_DISPATCH entry(int id, F* function) {
    return {id, reinterpret_cast<Function>(function)};
}

const OSSL_ALGORITHM* offered(void*, int operation, int* changing) {
    static const OSSL_DISPATCH keys[] = {entry(OSSL_FUNC_KEYMGMT_NEW, key_new),
                                         entry(OSSL_FUNC_KEYMGMT_FREE, key_free),
                                         entry(OSSL_FUNC_KEYMGMT_HAS, key_has),
                                         entry(OSSL_FUNC_KEYMGMT_MATCH, key_match),
                                         entry(OSSL_FUNC_KEYMGMT_IMPORT, key_import),
                                         entry(OSSL_FUNC_KEYMGMT_IMPORT_TYPES, key_parts),
                                         entry(OSSL_FUNC_KEYMGMT_EXPORT, key_export),
                                         entry(OSSL_FUNC_KEYMGMT_EXPORT_TYPES, key_parts),
                                         entry(OSSL_FUNC_KEYMGMT_GET_PARAMS, key_facts),
                                         entry(OSSL_FUNC_KEYMGMT_GETTABLE_PARAMS, known_facts),
                                         {0, nullptr}};
    static const OSSL_DISPATCH signatures[] = {entry(OSSL_FUNC_SIGNATURE_NEWCTX, signing_new),
                                               entry(OSSL_FUNC_SIGNATURE_FREECTX, signing_free),
                                               entry(OSSL_FUNC_SIGNATURE_DUPCTX, signing_copy),
                                               entry(OSSL_FUNC_SIGNATURE_DIGEST_SIGN_INIT, signing_begin),
                                               entry(OSSL_FUNC_SIGNATURE_DIGEST_SIGN_UPDATE, signing_go_on),
                                               entry(OSSL_FUNC_SIGNATURE_DIGEST_SIGN_FINAL, signing_end),
                                               entry(OSSL_FUNC_SIGNATURE_GET_CTX_PARAMS, signing_facts),
                                               entry(OSSL_FUNC_SIGNATURE_GETTABLE_CTX_PARAMS, known_of_signing),
                                               entry(OSSL_FUNC_SIGNATURE_SET_CTX_PARAMS, signing_set),
                                               entry(OSSL_FUNC_SIGNATURE_SETTABLE_CTX_PARAMS, signing_settings),
                                               {0, nullptr}};
    static const OSSL_ALGORITHM of_keys[] = {{"RSA", property, keys, "lent keys"},
                                             {nullptr, nullptr, nullptr, nullptr}};
    static const OSSL_ALGORITHM of_signatures[] = {{"RSA", property, signatures, "lent keys"},
                                                   {nullptr, nullptr, nullptr, nullptr}};
    *changing = 0;
    if (operation == OSSL_OP_KEYMGMT) return of_keys;
    return operation == OSSL_OP_SIGNATURE ? of_signatures : nullptr;
}

int start(const OSSL_CORE_HANDLE*, const OSSL_DISPATCH*, const OSSL_DISPATCH** ours, void** context) {
    static const OSSL_DISPATCH functions[] = {entry(OSSL_FUNC_PROVIDER_QUERY_OPERATION, offered), {0, nullptr}};
    static char itself = 0;
    *ours = functions;
    *context = &itself;
    return 1;
}

// OpenSSL's own comes first, so that keys of which nothing is said stay with it.
bool ready() {
    using Provider = std::unique_ptr<OSSL_PROVIDER, Freer<OSSL_PROVIDER_unload>>;
    static const Provider usual(OSSL_PROVIDER_load(nullptr, "default"));
    static const Provider ours(usual && OSSL_PROVIDER_add_builtin(nullptr, provider_name, start) == 1
                                   ? OSSL_PROVIDER_load(nullptr, provider_name)
                                   : nullptr);
    return ours != nullptr;
}

Number number_of_bytes(const std::string& bytes) {
    return Number(
        BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()), nullptr));
}

}  // namespace

Result<PrivateKey> lent_key(const RsaPublic& shown, std::shared_ptr<KeyHolder> holder) {
    const auto modulus = number_of_bytes(shown.modulus), exponent = number_of_bytes(shown.exponent);
    const Builder builder(OSSL_PARAM_BLD_new());
    const auto* given = &holder;
    EVP_PKEY* key = nullptr;
    bool made = ready() && builder && modulus && exponent &&
                OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get()) == 1 &&
                OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get()) == 1 &&
                OSSL_PARAM_BLD_push_octet_string(builder.get(), holder_parameter, &given, address_size) == 1;
    const Parameters parameters(made ? OSSL_PARAM_BLD_to_param(builder.get()) : nullptr);
    const KeyContext context(made ? EVP_PKEY_CTX_new_from_name(nullptr, "RSA", property) : nullptr);
    made = parameters && context && EVP_PKEY_fromdata_init(context.get()) == 1 &&
           EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_KEYPAIR, parameters.get()) == 1;
    if (!made) return Error{Fault::io, "The private key can't be given to OpenSSL.", {}};
    return PrivateKey(std::shared_ptr<void>(key, [](void* old) { EVP_PKEY_free(static_cast<EVP_PKEY*>(old)); }));
}

}  // namespace steward::platform
