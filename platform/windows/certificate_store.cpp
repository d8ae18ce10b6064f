#include "platform/windows/certificate_store.h"

#include "platform/base/bytes.h"
#include "platform/base/certificate.h"
#include "platform/windows/crypto_store.h"
#include "platform/windows/failure.h"
#include "platform/windows/wide.h"

namespace steward::platform {
namespace {

constexpr DWORD encodings = X509_ASN_ENCODING | PKCS_7_ASN_ENCODING;

Error unreachable(const std::string& store) {
    return failed_call("A certificate store can't be opened.", store);
}

}  // namespace

CryptoStore::CryptoStore(const CertificateStore& store, DWORD more_flags)
    : store_(::CertOpenStore(CERT_STORE_PROV_SYSTEM_W, 0, 0,
                             (store.whose() == CertificateStore::Whose::machine ? CERT_SYSTEM_STORE_LOCAL_MACHINE
                                                                                : CERT_SYSTEM_STORE_CURRENT_USER) |
                                 more_flags,
                             wide(store.name()).c_str())) {}

CryptoCertificate certificate_in(const CryptoStore& store, std::string_view thumbprint) {
    auto bytes = from_hex(thumbprint).value_or(std::string());
    CRYPT_HASH_BLOB hash{static_cast<DWORD>(bytes.size()), reinterpret_cast<BYTE*>(bytes.data())};
    return CryptoCertificate(
        ::CertFindCertificateInStore(store.get(), encodings, 0, CERT_FIND_SHA1_HASH, &hash, nullptr));
}

Result<CertificatesByThumbprint> CertificateStore::all() const {
    const CryptoStore store(*this, CERT_STORE_READONLY_FLAG | CERT_STORE_OPEN_EXISTING_FLAG);
    CertificatesByThumbprint found;
    if (!store.open()) {
        if (last_error() == ERROR_FILE_NOT_FOUND) return found;  // nobody has put anything into it yet
        return unreachable(name_);
    }
    PCCERT_CONTEXT each = nullptr;
    while ((each = ::CertEnumCertificatesInStore(store.get(), each)) != nullptr) {
        std::string der(reinterpret_cast<const char*>(each->pbCertEncoded), each->cbCertEncoded);
        auto thumbprint = thumbprint_of(der);
        found.emplace(std::move(thumbprint), std::move(der));
    }
    return found;
}

Outcome CertificateStore::add(std::string_view der) {
    const CryptoStore store(*this, 0);
    if (!store.open()) return unreachable(name_);
    const auto size = static_cast<DWORD>(der.size());
    const auto* bytes = reinterpret_cast<const BYTE*>(der.data());
    if (::CertAddEncodedCertificateToStore(store.get(), encodings, bytes, size, CERT_STORE_ADD_USE_EXISTING, nullptr)) {
        return {};
    }
    return failed_call("A certificate can't be put into its store.", name_);
}

Outcome CertificateStore::erase(std::string_view thumbprint) {
    {
        const CryptoStore store(*this, 0);
        if (!store.open()) return unreachable(name_);
        auto certificate = certificate_in(store, thumbprint);
        if (!certificate.found()) return {};
        if (!::CertDeleteCertificateFromStore(certificate.release())) {
            return failed_call("A certificate can't be taken out of its store.", name_);
        }
        // Where a store writes at once it need not know this request.
        (void)::CertControlStore(store.get(), 0, CERT_STORE_CTRL_COMMIT, nullptr);
    }
    const CryptoStore again(*this, CERT_STORE_READONLY_FLAG);
    if (!again.open()) return unreachable(name_);
    if (!certificate_in(again, thumbprint).found()) return {};
    return Error{Fault::io, "A certificate was taken out of its store and is still in it.", name_};
}

}  // namespace steward::platform
