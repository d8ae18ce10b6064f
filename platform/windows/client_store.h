// Certificates with their private keys in Windows' own store, brought as PFX files: the seam that tests put a script
// behind where CryptoAPI can't import them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "platform/base/result.h"
#include "platform/windows/certificate_store.h"

namespace steward::platform {

struct ClientStore {
    virtual ~ClientStore() = default;
    // The thumbprint of the certificate that has the key, without keeping anything. Faults as open_pfx().
    virtual Result<std::string> look(std::string_view pfx, const std::string& password) = 0;
    virtual Outcome install(std::string_view pfx, const std::string& password, bool exportable) = 0;
    virtual Result<bool> has(std::string_view thumbprint) = 0;       // the certificate
    virtual Result<bool> complete(std::string_view thumbprint) = 0;  // and the key that belongs to it
    virtual Outcome erase(std::string_view thumbprint) = 0;          // both; what is not there is already erased
};

class WindowsClientStore final : public ClientStore {
  public:
    explicit WindowsClientStore(CertificateStore& store) : store_(store) {}
    Result<std::string> look(std::string_view pfx, const std::string& password) override;
    Outcome install(std::string_view pfx, const std::string& password, bool exportable) override;
    Result<bool> has(std::string_view thumbprint) override;
    Result<bool> complete(std::string_view thumbprint) override;
    Outcome erase(std::string_view thumbprint) override;

  private:
    CertificateStore& store_;
};

}  // namespace steward::platform
