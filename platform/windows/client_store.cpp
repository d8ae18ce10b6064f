#include "platform/windows/client_store.h"

#include <windows.h>

#include <ncrypt.h>

#include <utility>
#include <vector>

#include "platform/base/certificate.h"
#include "platform/base/text.h"
#include "platform/pfx.h"
#include "platform/windows/crypto_store.h"
#include "platform/windows/failure.h"
#include "platform/windows/wide.h"

namespace steward::platform {
namespace {

// Key providers of Windows' old cryptography have a type; those of the new one have none.
constexpr DWORD new_cryptography = 0;

Error unreachable(const std::string& store) {
    return failed_call("A certificate store can't be opened.", store);
}

Result<HCERTSTORE> import(std::string_view pfx, const std::string& password, DWORD flags) {
    std::string copy(pfx);
    CRYPT_DATA_BLOB blob{static_cast<DWORD>(copy.size()), reinterpret_cast<BYTE*>(copy.data())};
    std::wstring secret = wide(password);
    const HCERTSTORE store = ::PFXImportCertStore(&blob, secret.c_str(), flags);
    const auto code = last_error();
    ::SecureZeroMemory(secret.data(), secret.size() * sizeof(wchar_t));
    if (store != nullptr) return store;
    auto error = failed_call("The PFX file can't be opened.", {}, code);
    error.fault = code == ERROR_INVALID_PASSWORD ? Fault::invalid : Fault::malformed;
    if (code == ERROR_INVALID_PASSWORD) error.what = "The password does not open the PFX file.";
    return error;
}

std::vector<BYTE> property(PCCERT_CONTEXT certificate, DWORD which) {
    DWORD size = 0;
    if (!::CertGetCertificateContextProperty(certificate, which, nullptr, &size)) return {};
    std::vector<BYTE> bytes(size);
    if (!::CertGetCertificateContextProperty(certificate, which, bytes.data(), &size)) return {};
    return bytes;
}

bool has_key(PCCERT_CONTEXT certificate) {
    return !property(certificate, CERT_KEY_PROV_INFO_PROP_ID).empty() ||
           !property(certificate, CERT_KEY_CONTEXT_PROP_ID).empty();
}

// The one certificate of an opened PFX that has a key.
Result<std::string> with_key(const CryptoStore& opened) {
    std::string found;
    int count = 0;
    PCCERT_CONTEXT each = nullptr;
    while ((each = ::CertEnumCertificatesInStore(opened.get(), each)) != nullptr) {
        if (!has_key(each)) continue;
        ++count;
        found.assign(reinterpret_cast<const char*>(each->pbCertEncoded), each->cbCertEncoded);
    }
    if (count == 1) return found;
    return Error{Fault::invalid, "A PFX file must hold one private key with its certificate.",
                 std::to_string(count) + " keys"};
}

Outcome erase_key(const CRYPT_KEY_PROV_INFO& key) {
    if (key.dwProvType != new_cryptography) {
        HCRYPTPROV none = 0;
        const DWORD whose = key.dwFlags & CRYPT_MACHINE_KEYSET;
        if (::CryptAcquireContextW(&none, key.pwszContainerName, key.pwszProvName, key.dwProvType,
                                   CRYPT_DELETEKEYSET | whose)) {
            return {};
        }
        const auto code = last_error();
        if (code == static_cast<unsigned long>(NTE_BAD_KEYSET)) return {};
        return failed_call("A private key can't be erased.", {}, code);
    }
    NCRYPT_PROV_HANDLE provider = 0;
    NCRYPT_KEY_HANDLE handle = 0;
    auto status = ::NCryptOpenStorageProvider(&provider, key.pwszProvName, 0);
    if (status == ERROR_SUCCESS) {
        status = ::NCryptOpenKey(provider, &handle, key.pwszContainerName, 0, key.dwFlags & NCRYPT_MACHINE_KEY_FLAG);
        if (status == ERROR_SUCCESS) status = ::NCryptDeleteKey(handle, 0);  // which frees the handle, too
        ::NCryptFreeObject(provider);
    }
    if (status == ERROR_SUCCESS || status == NTE_BAD_KEYSET) return {};
    return failed_call("A private key can't be erased.", {}, static_cast<unsigned long>(status));
}

}  // namespace

// By our own reader, whose limits hold: nothing else opens a file that it has refused.
Result<std::string> WindowsClientStore::look(std::string_view pfx, const std::string& password) {
    auto opened = open_pfx(pfx, password);
    if (!opened) return std::move(opened).error();
    ::SecureZeroMemory(opened->key.data(), opened->key.size());
    return thumbprint_of(opened->certificate);
}

Outcome WindowsClientStore::install(std::string_view pfx, const std::string& password, bool exportable) {
    if (auto acceptable = look(pfx, password); !acceptable) return std::move(acceptable).error();
    const bool machine = store_.whose() == CertificateStore::Whose::machine;
    const DWORD flags = (machine ? CRYPT_MACHINE_KEYSET : CRYPT_USER_KEYSET) | (exportable ? CRYPT_EXPORTABLE : 0) |
                        PKCS12_ALWAYS_CNG_KSP;
    auto imported = import(pfx, password, flags);
    if (!imported) return std::move(imported).error();
    const CryptoStore opened(*imported);
    auto der = with_key(opened);
    if (!der) return std::move(der).error();
    auto certificate = certificate_in(opened, thumbprint_of(*der));
    const CryptoStore store(store_, 0);
    if (!store.open()) return unreachable(store_.name());
    // With its properties, one of which says where the key is.
    if (::CertAddCertificateContextToStore(store.get(), certificate.get(), CERT_STORE_ADD_REPLACE_EXISTING, nullptr)) {
        return {};
    }
    return failed_call("A certificate can't be put into its store.", store_.name());
}

Result<bool> WindowsClientStore::has(std::string_view thumbprint) {
    auto all = store_.all();
    if (!all) return std::move(all).error();
    return all->contains(upper(thumbprint));
}

Result<bool> WindowsClientStore::complete(std::string_view thumbprint) {
    const CryptoStore store(store_, CERT_STORE_READONLY_FLAG);
    if (!store.open()) return unreachable(store_.name());
    const auto certificate = certificate_in(store, thumbprint);
    if (!certificate.found()) return false;
    HCRYPTPROV_OR_NCRYPT_KEY_HANDLE key = 0;
    DWORD kind = 0;
    BOOL ours_to_free = FALSE;
    const bool fits =
        ::CryptAcquireCertificatePrivateKey(
            certificate.get(),
            CRYPT_ACQUIRE_ALLOW_NCRYPT_KEY_FLAG | CRYPT_ACQUIRE_COMPARE_KEY_FLAG | CRYPT_ACQUIRE_SILENT_FLAG, nullptr,
            &key, &kind, &ours_to_free) != 0;
    if (fits && ours_to_free) {
        if (kind == CERT_NCRYPT_KEY_SPEC) {
            ::NCryptFreeObject(key);
        } else {
            ::CryptReleaseContext(key, 0);
        }
    }
    return fits;
}

Outcome WindowsClientStore::erase(std::string_view thumbprint) {
    std::vector<BYTE> key;
    {
        const CryptoStore store(store_, CERT_STORE_READONLY_FLAG);
        if (!store.open()) return unreachable(store_.name());
        const auto certificate = certificate_in(store, thumbprint);
        if (!certificate.found()) return {};
        key = property(certificate.get(), CERT_KEY_PROV_INFO_PROP_ID);
    }
    if (!key.empty()) {
        if (auto erased = erase_key(*reinterpret_cast<const CRYPT_KEY_PROV_INFO*>(key.data())); !erased) return erased;
    }
    return store_.erase(thumbprint);
}

}  // namespace steward::platform
