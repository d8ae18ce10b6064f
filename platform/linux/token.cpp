#include "platform/linux/token.h"

#include <dlfcn.h>
#include <p11-kit/pkcs11.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <vector>

#include "platform/base/bytes.h"
#include "platform/base/digest.h"
#include "platform/base/text.h"

namespace steward::platform {
namespace {

constexpr const char* every_token = "p11-kit-proxy.so";
constexpr std::string_view scheme = "pkcs11:";
constexpr std::string_view file_scheme = "file:";

std::string decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = text[i] == '%' ? from_hex(text.substr(i + 1, 2)) : std::nullopt;
        out += byte && byte->size() == 1 ? byte->front() : text[i];
        if (byte && byte->size() == 1) i += 2;
    }
    return out;
}

struct Uri {
    std::map<std::string, std::string, std::less<>> parts;
    std::string path, query;  // as given, without the scheme and the question mark

    static Uri of(std::string_view text) {
        Uri uri;
        if (text.starts_with(scheme)) text.remove_prefix(scheme.size());
        const auto mark = text.find('?');
        uri.path = text.substr(0, mark);
        if (mark != std::string_view::npos) uri.query = text.substr(mark + 1);
        for (const auto& [list, separator] : {std::pair<const std::string&, char>(uri.path, ';'), {uri.query, '&'}}) {
            for (const auto part : split(list, separator)) {
                const auto equals = part.find('=');
                if (equals != std::string_view::npos) {
                    uri.parts.emplace(std::string(part.substr(0, equals)), decoded(part.substr(equals + 1)));
                }
            }
        }
        return uri;
    }
    std::string get(std::string_view name) const {
        const auto found = parts.find(name);
        return found == parts.end() ? std::string() : found->second;
    }
};

Error failed(const std::string& what, CK_RV code) {
    std::array<char, 32> words{};
    std::snprintf(words.data(), words.size(), "PKCS#11 error 0x%08lX", code);
    const bool pin = code == CKR_PIN_INCORRECT || code == CKR_PIN_INVALID || code == CKR_PIN_LOCKED;
    return {pin ? Fault::denied : Fault::io, what, words.data()};
}

// The token, open and signed in to, until the object goes.
class Session {
  public:
    static Result<std::unique_ptr<Session>> open(const Uri& uri);
    ~Session() {
        if (session_ != 0) functions_->C_CloseSession(session_);
        if (started_) functions_->C_Finalize(nullptr);
    }
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    CK_FUNCTION_LIST& functions() { return *functions_; }
    CK_SESSION_HANDLE handle() const { return session_; }
    Result<std::vector<CK_OBJECT_HANDLE>> objects(std::string label, CK_OBJECT_CLASS kind);

  private:
    Session() = default;
    Outcome load(const Uri& uri);
    Outcome select(const std::string& token);
    Outcome sign_in(const Uri& uri);

    CK_FUNCTION_LIST* functions_ = nullptr;
    CK_SLOT_ID slot_ = 0;
    CK_SESSION_HANDLE session_ = 0;
    bool started_ = false;
};

Result<std::unique_ptr<Session>> Session::open(const Uri& uri) {
    std::unique_ptr<Session> made(new Session);
    if (auto loaded = made->load(uri); !loaded) return loaded.error();
    if (auto selected = made->select(uri.get("token")); !selected) return selected.error();
    if (auto entered = made->sign_in(uri); !entered) return entered.error();
    return made;
}

Outcome Session::load(const Uri& uri) {
    std::string module = uri.get("module-path");
    const char* configured = std::getenv("PKCS11_MODULE_PATH");
    if (module.empty()) module = configured != nullptr ? configured : every_token;
    // The module stays loaded: OpenSSL's engine may be using it too.
    void* library = ::dlopen(module.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
        const char* reason = ::dlerror();
        return Error{Fault::not_found,
                     "The PKCS#11 module " + module + " can't be loaded: install it (package p11-kit).",
                     reason == nullptr ? "" : reason};
    }
    const auto list = reinterpret_cast<CK_C_GetFunctionList>(::dlsym(library, "C_GetFunctionList"));
    if (list == nullptr || list(&functions_) != CKR_OK) {
        return Error{Fault::not_found, module + " is no PKCS#11 module.", {}};
    }
    CK_C_INITIALIZE_ARGS arguments{};
    arguments.flags = CKF_OS_LOCKING_OK;
    const CK_RV code = functions_->C_Initialize(&arguments);
    started_ = code == CKR_OK;
    if (!started_ && code != CKR_CRYPTOKI_ALREADY_INITIALIZED) return failed("PKCS#11 could not be started.", code);
    return {};
}

Outcome Session::select(const std::string& token) {
    CK_ULONG count = 0;
    std::vector<CK_SLOT_ID> slots;
    CK_RV code = functions_->C_GetSlotList(CK_TRUE, nullptr, &count);
    if (code == CKR_OK) {
        slots.resize(count);
        code = functions_->C_GetSlotList(CK_TRUE, slots.data(), &count);
        slots.resize(count);
    }
    if (code != CKR_OK) return failed("The PKCS#11 tokens could not be listed.", code);
    for (const auto slot : slots) {
        CK_TOKEN_INFO info{};
        if (functions_->C_GetTokenInfo(slot, &info) != CKR_OK) continue;
        const std::string_view label(reinterpret_cast<const char*>(info.label), sizeof info.label);
        if (label.substr(0, label.find_last_not_of(' ') + 1) != token) continue;
        slot_ = slot;
        code = functions_->C_OpenSession(slot_, CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr, nullptr, &session_);
        if (code != CKR_OK) return failed("The PKCS#11 token \"" + token + "\" could not be opened.", code);
        return {};
    }
    return Error{Fault::not_found,
                 "There is no PKCS#11 token \"" + token + "\": plug it in, or correct the name in the configuration.",
                 {}};
}

Outcome Session::sign_in(const Uri& uri) {
    std::string source = uri.get("pin-source");
    if (source.starts_with(file_scheme)) source.erase(0, file_scheme.size());
    std::ifstream file(source);
    std::string pin;
    if (source.empty() || !std::getline(file, pin)) {
        return Error{Fault::not_found,
                     "The PIN of the PKCS#11 token can't be read: name its file with pin-source=file:PATH.", source};
    }
    // What else reads this file takes all of it for the PIN.
    if (!file.eof()) {
        return Error{Fault::invalid,
                     "The file with the PIN of the PKCS#11 token must hold the PIN alone, without a line break.",
                     source};
    }
    const CK_RV code = functions_->C_Login(session_, CKU_USER, reinterpret_cast<CK_UTF8CHAR*>(pin.data()), pin.size());
    if (code != CKR_OK && code != CKR_USER_ALREADY_LOGGED_IN) {
        return failed("The PKCS#11 token refused the PIN of " + source + ".", code);
    }
    return {};
}

Result<std::vector<CK_OBJECT_HANDLE>> Session::objects(std::string label, CK_OBJECT_CLASS kind) {
    CK_ATTRIBUTE wanted[] = {{CKA_CLASS, &kind, sizeof kind}, {CKA_LABEL, label.data(), label.size()}};
    std::vector<CK_OBJECT_HANDLE> found(8);
    CK_ULONG count = 0;
    CK_RV code = functions_->C_FindObjectsInit(session_, wanted, 2);
    if (code == CKR_OK) {
        code = functions_->C_FindObjects(session_, found.data(), found.size(), &count);
        functions_->C_FindObjectsFinal(session_);
    }
    if (code != CKR_OK) return failed("The keys of the PKCS#11 token could not be listed.", code);
    found.resize(count);
    return found;
}

std::string key_uri(const Uri& token, const std::string& label) {
    std::string path;
    for (const auto part : split(token.path, ';')) {
        if (part.starts_with("object=") || part.starts_with("type=") || part.empty()) continue;
        path += std::string(part) + ";";
    }
    return std::string(scheme) + path + "object=" + label + ";type=private" +
           (token.query.empty() ? "" : "?" + token.query);
}

}  // namespace

Result<std::string> Token::make_key(const std::string& token, const std::string& label, const KeySpec& spec) {
    const Uri uri = Uri::of(token);
    auto session = Session::open(uri);
    if (!session) return session.error();
    auto taken = (*session)->objects(label, CKO_PRIVATE_KEY);
    if (!taken) return taken.error();
    if (!taken->empty()) return Error{Fault::exists, "The token holds a key of that name already.", label};
    CK_MECHANISM mechanism{CKM_RSA_PKCS_KEY_PAIR_GEN, nullptr, 0};
    CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
    CK_ULONG bits = static_cast<CK_ULONG>(spec.rsa_bits);
    std::array<CK_BYTE, 3> exponent{1, 0, 1};
    std::string name = label, id = random_bytes(16);
    CK_ATTRIBUTE open_half[] = {
        {CKA_TOKEN, &yes, sizeof yes},          {CKA_VERIFY, &yes, sizeof yes},
        {CKA_MODULUS_BITS, &bits, sizeof bits}, {CKA_PUBLIC_EXPONENT, exponent.data(), exponent.size()},
        {CKA_LABEL, name.data(), name.size()},  {CKA_ID, id.data(), id.size()}};
    CK_ATTRIBUTE own_half[] = {{CKA_TOKEN, &yes, sizeof yes},     {CKA_PRIVATE, &yes, sizeof yes},
                               {CKA_SENSITIVE, &yes, sizeof yes}, {CKA_EXTRACTABLE, &no, sizeof no},
                               {CKA_SIGN, &yes, sizeof yes},      {CKA_LABEL, name.data(), name.size()},
                               {CKA_ID, id.data(), id.size()}};
    CK_OBJECT_HANDLE open_key = 0, own_key = 0;
    const CK_RV code =
        (*session)->functions().C_GenerateKeyPair((*session)->handle(), &mechanism, open_half, std::size(open_half),
                                                  own_half, std::size(own_half), &open_key, &own_key);
    if (code != CKR_OK) return failed("The PKCS#11 token could not make a key.", code);
    return key_uri(uri, label);
}

Result<std::optional<std::string>> Token::find(const std::string& token, const std::string& label) {
    const Uri uri = Uri::of(token);
    auto session = Session::open(uri);
    if (!session) return session.error();
    auto found = (*session)->objects(label, CKO_PRIVATE_KEY);
    if (!found) return found.error();
    if (found->empty()) return std::optional<std::string>();
    return std::optional(key_uri(uri, label));
}

Result<bool> Token::exportable(const std::string& key) {
    const Uri uri = Uri::of(key);
    auto session = Session::open(uri);
    if (!session) return session.error();
    auto found = (*session)->objects(uri.get("object"), CKO_PRIVATE_KEY);
    if (!found) return found.error();
    if (found->empty()) return Error{Fault::not_found, "The private key is no longer in the PKCS#11 token.", {}};
    CK_BBOOL extractable = CK_TRUE;
    CK_ATTRIBUTE asked{CKA_EXTRACTABLE, &extractable, sizeof extractable};
    const CK_RV code = (*session)->functions().C_GetAttributeValue((*session)->handle(), found->front(), &asked, 1);
    if (code != CKR_OK) return failed("The PKCS#11 token does not say how it keeps the key.", code);
    return extractable != CK_FALSE;
}

Outcome Token::erase(const std::string& key) {
    const Uri uri = Uri::of(key);
    auto session = Session::open(uri);
    if (!session) return session.error();
    for (const CK_OBJECT_CLASS kind : {CKO_PRIVATE_KEY, CKO_PUBLIC_KEY}) {
        auto found = (*session)->objects(uri.get("object"), kind);
        if (!found) return found.error();
        for (const auto object : *found) {
            const CK_RV code = (*session)->functions().C_DestroyObject((*session)->handle(), object);
            if (code != CKR_OK) return failed("The PKCS#11 token could not erase a key.", code);
        }
    }
    return {};
}

}  // namespace steward::platform
