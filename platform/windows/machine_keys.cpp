#include "platform/windows/machine_keys.h"

#include <windows.h>

#include <ncrypt.h>

#include <cstring>
#include <utility>
#include <vector>

#include "platform/windows/failure.h"
#include "platform/windows/wide.h"

namespace steward::platform {
namespace {

struct Handle {
    NCRYPT_HANDLE value = 0;
    Handle() = default;
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle() {
        if (value != 0) ::NCryptFreeObject(value);
    }
};

Error failed(const char* what, const char* call, SECURITY_STATUS status) {
    return failed_call(what, call, static_cast<unsigned long>(status));
}

bool missing(SECURITY_STATUS status) {
    return status == NTE_BAD_KEYSET || status == NTE_NO_KEY || status == NTE_NOT_FOUND;
}

const wchar_t* name_of(Digest digest) {
    switch (digest) {
        case Digest::sha1:
            return BCRYPT_SHA1_ALGORITHM;
        case Digest::sha256:
            return BCRYPT_SHA256_ALGORITHM;
        case Digest::sha384:
            return BCRYPT_SHA384_ALGORITHM;
        case Digest::sha512:
            return BCRYPT_SHA512_ALGORITHM;
    }
    return nullptr;
}

class CngKeys final : public MachineKeys {
  public:
    explicit CngKeys(std::wstring provider) : provider_(std::move(provider)) {}

    bool there() override {
        Handle provider;
        wchar_t type[256] = {};
        DWORD size = 0;
        if (::NCryptOpenStorageProvider(&provider.value, provider_.c_str(), 0) != ERROR_SUCCESS) return false;
        // "TPM-Version:2.0 -Level:0-Revision:1.38-VendorID:'…'"; TPM 1.2 knows no SHA-256.
        const auto status = ::NCryptGetProperty(provider.value, NCRYPT_PCP_PLATFORM_TYPE_PROPERTY,
                                                reinterpret_cast<BYTE*>(type), sizeof type - sizeof *type, &size, 0);
        return status == ERROR_SUCCESS && std::wstring_view(type).starts_with(L"TPM-Version:2");
    }

    Outcome make(const std::string& name, int rsa_bits) override {
        constexpr const char* what = "A private key can't be made in the TPM.";
        Handle provider, key;
        if (auto opened = open(provider, what); !opened) return opened;
        auto status = ::NCryptCreatePersistedKey(provider.value, &key.value, BCRYPT_RSA_ALGORITHM, wide(name).c_str(),
                                                 0, NCRYPT_MACHINE_KEY_FLAG);
        if (status != ERROR_SUCCESS) return failed(what, "NCryptCreatePersistedKey", status);
        auto bits = static_cast<DWORD>(rsa_bits);
        status = ::NCryptSetProperty(key.value, NCRYPT_LENGTH_PROPERTY, reinterpret_cast<BYTE*>(&bits), sizeof bits, 0);
        if (status != ERROR_SUCCESS) return failed(what, "NCryptSetProperty(Length)", status);
        status = ::NCryptFinalizeKey(key.value, NCRYPT_SILENT_FLAG);
        return status == ERROR_SUCCESS ? Outcome() : failed(what, "NCryptFinalizeKey", status);
    }

    Result<std::optional<RsaPublic>> find(const std::string& name) override {
        constexpr const char* what = "A private key in the TPM can't be looked at.";
        Handle key;
        auto there = open(key, name, what);
        if (!there) return std::move(there).error();
        if (!*there) return std::optional<RsaPublic>();
        std::vector<BYTE> blob(sizeof(BCRYPT_RSAKEY_BLOB) + 2048);
        DWORD size = 0;
        const auto status = ::NCryptExportKey(key.value, 0, BCRYPT_RSAPUBLIC_BLOB, nullptr, blob.data(),
                                              static_cast<DWORD>(blob.size()), &size, 0);
        if (status != ERROR_SUCCESS) return failed(what, "NCryptExportKey", status);
        BCRYPT_RSAKEY_BLOB head{};
        std::memcpy(&head, blob.data(), sizeof head);
        const auto* numbers = reinterpret_cast<const char*>(blob.data()) + sizeof head;
        if (size < sizeof head || size - sizeof head < std::size_t{head.cbPublicExp} + head.cbModulus) {
            return Error{Fault::io, what, "NCryptExportKey"};
        }
        return std::optional(RsaPublic{{numbers + head.cbPublicExp, head.cbModulus}, {numbers, head.cbPublicExp}});
    }

    Result<std::string> sign(const std::string& name, Digest digest, Scheme scheme, std::string_view hash) override {
        constexpr const char* what = "The TPM does not sign with the private key.";
        Handle key;
        auto there = open(key, name, what);
        if (!there) return std::move(there).error();
        if (!*there) return Error{Fault::not_found, "The private key of this device is gone from the TPM.", name};
        BCRYPT_PKCS1_PADDING_INFO pkcs1{name_of(digest)};
        BCRYPT_PSS_PADDING_INFO pss{name_of(digest), static_cast<ULONG>(hash.size())};
        const bool with_salt = scheme == Scheme::pss;
        void* padding = with_salt ? static_cast<void*>(&pss) : &pkcs1;
        const DWORD flags = (with_salt ? BCRYPT_PAD_PSS : BCRYPT_PAD_PKCS1) | NCRYPT_SILENT_FLAG;
        std::vector<BYTE> bytes(hash.begin(), hash.end());
        std::string signature(1024, '\0');
        DWORD size = 0;
        const auto status = ::NCryptSignHash(key.value, padding, bytes.data(), static_cast<DWORD>(bytes.size()),
                                             reinterpret_cast<BYTE*>(signature.data()),
                                             static_cast<DWORD>(signature.size()), &size, flags);
        if (status != ERROR_SUCCESS) return failed(what, "NCryptSignHash", status);
        signature.resize(size);
        return signature;
    }

    Outcome erase(const std::string& name) override {
        constexpr const char* what = "A private key can't be erased from the TPM.";
        Handle key;
        auto there = open(key, name, what);
        if (!there) return std::move(there).error();
        if (!*there) return {};
        const auto status = ::NCryptDeleteKey(key.value, NCRYPT_SILENT_FLAG);
        if (status != ERROR_SUCCESS) return failed(what, "NCryptDeleteKey", status);
        key.value = 0;  // deleting has freed it
        return {};
    }

  private:
    Outcome open(Handle& provider, const char* what) const {
        const auto status = ::NCryptOpenStorageProvider(&provider.value, provider_.c_str(), 0);
        return status == ERROR_SUCCESS ? Outcome() : failed(what, "NCryptOpenStorageProvider", status);
    }
    Result<bool> open(Handle& key, const std::string& name, const char* what) const {
        Handle provider;
        if (auto opened = open(provider, what); !opened) return std::move(opened).error();
        const auto status = ::NCryptOpenKey(provider.value, &key.value, wide(name).c_str(), 0,
                                            NCRYPT_MACHINE_KEY_FLAG | NCRYPT_SILENT_FLAG);
        if (missing(status)) return false;
        if (status != ERROR_SUCCESS) return failed(what, "NCryptOpenKey", status);
        return true;
    }

    std::wstring provider_;
};

class Holder final : public KeyHolder {
  public:
    Holder(MachineKeys& machine, std::string name) : machine_(machine), name_(std::move(name)) {}
    Result<std::string> sign(Digest digest, Scheme scheme, std::string_view hash) override {
        return machine_.sign(name_, digest, scheme, hash);
    }

  private:
    MachineKeys& machine_;
    const std::string name_;
};

}  // namespace

MachineKeys*& machine_keys() {
    static const auto ours = cng_keys(MS_PLATFORM_CRYPTO_PROVIDER);
    static MachineKeys* used = ours.get();
    return used;
}

std::unique_ptr<MachineKeys> cng_keys(std::wstring provider) {
    return std::make_unique<CngKeys>(std::move(provider));
}

Result<PrivateKey> machine_key(const std::string& reference, MachineKeys& machine) {
    const auto name = reference.starts_with(machine_key_scheme) ? reference.substr(machine_key_scheme.size()) : "";
    if (!name.starts_with(machine_key_prefix)) {
        return Error{Fault::not_found, "This is no key of this device's key store.", reference};
    }
    auto shown = machine.find(name);
    if (!shown) return std::move(shown).error();
    if (!*shown) {
        return Error{Fault::not_found, "The private key of this device is gone: enrol again to get a new identity.",
                     reference};
    }
    return lent_key(**shown, std::make_shared<Holder>(machine, name));
}

}  // namespace steward::platform
