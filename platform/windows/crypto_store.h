// CryptoAPI's certificate stores and contexts, closed with their objects.
#pragma once

#include <windows.h>

#include <wincrypt.h>

#include <string>
#include <string_view>

#include "platform/windows/certificate_store.h"

namespace steward::platform {

class CryptoStore {
  public:
    explicit CryptoStore(HCERTSTORE store) : store_(store) {}
    CryptoStore(const CertificateStore& store, DWORD more_flags);
    ~CryptoStore() {
        if (store_ != nullptr) ::CertCloseStore(store_, 0);
    }
    CryptoStore(const CryptoStore&) = delete;
    CryptoStore& operator=(const CryptoStore&) = delete;
    bool open() const { return store_ != nullptr; }
    HCERTSTORE get() const { return store_; }

  private:
    HCERTSTORE store_ = nullptr;
};

class CryptoCertificate {
  public:
    explicit CryptoCertificate(PCCERT_CONTEXT context) : context_(context) {}
    ~CryptoCertificate() {
        if (context_ != nullptr) ::CertFreeCertificateContext(context_);
    }
    CryptoCertificate(const CryptoCertificate&) = delete;
    CryptoCertificate& operator=(const CryptoCertificate&) = delete;
    bool found() const { return context_ != nullptr; }
    PCCERT_CONTEXT get() const { return context_; }
    PCCERT_CONTEXT release() {
        const auto context = context_;
        context_ = nullptr;
        return context;
    }
    std::string der() const {
        return {reinterpret_cast<const char*>(context_->pbCertEncoded), context_->cbCertEncoded};
    }

  private:
    PCCERT_CONTEXT context_;
};

// By its SHA-1; not found(): there is none.
CryptoCertificate certificate_in(const CryptoStore& store, std::string_view thumbprint);

}  // namespace steward::platform
