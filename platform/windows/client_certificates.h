// Certificates with their keys that a server brought, in the machine's own store; what was asked for is noted in the
// registry, without any secret.
#pragma once

#include "platform/certificates.h"
#include "platform/windows/client_store.h"
#include "platform/windows/registry.h"

namespace steward::platform {

class WindowsClientCertificates final : public Table<ClientCertificate> {
  public:
    WindowsClientCertificates(Registry& registry, ClientStore& store) : registry_(registry), store_(store) {}

    Result<std::vector<std::string>> names() override;
    Result<ClientCertificate> read(std::string_view key) override;
    Outcome write(std::string_view key, const ClientCertificate& managed) override;
    Outcome erase(std::string_view key) override;

    Result<std::vector<std::string>> thumbprints() const;  // of those that are noted

  private:
    Registry& registry_;
    ClientStore& store_;
};

// The same by their thumbprints.
class WindowsPersonalCertificates final : public Table<StoredCertificate> {
  public:
    WindowsPersonalCertificates(const WindowsClientCertificates& clients, const CertificateStore& store)
        : clients_(clients), store_(store) {}

    Result<std::vector<std::string>> names() override;
    Result<StoredCertificate> read(std::string_view key) override;
    Outcome write(std::string_view key, const StoredCertificate& managed) override;
    Outcome erase(std::string_view key) override;

  private:
    const WindowsClientCertificates& clients_;
    const CertificateStore& store_;
};

}  // namespace steward::platform
