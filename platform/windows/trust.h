// Authorities in Windows' stores. Ours are noted by their thumbprints; one that was there before us stays when we go.
#pragma once

#include "platform/certificates.h"
#include "platform/windows/certificate_store.h"
#include "platform/windows/registry.h"

namespace steward::platform {

// Those that we added to a store: "ROOT" for whom the system trusts, "CA" for whom it only knows.
class AddedAuthorities final : public Table<StoredCertificate> {
  public:
    AddedAuthorities(Registry& registry, CertificateStore& store);

    Result<std::vector<std::string>> names() override;
    Result<StoredCertificate> read(std::string_view key) override;  // any of the store
    Outcome write(std::string_view key, const StoredCertificate& managed) override;
    Outcome erase(std::string_view key) override;

  private:
    Registry& registry_;
    CertificateStore& store_;
    std::string notes_;
};

// All of a store, whoever added them.
class StoreContents final : public Table<StoredCertificate> {
  public:
    explicit StoreContents(const CertificateStore& store) : store_(store) {}

    Result<std::vector<std::string>> names() override;
    Result<StoredCertificate> read(std::string_view key) override;
    Outcome write(std::string_view key, const StoredCertificate& managed) override;
    Outcome erase(std::string_view key) override;

  private:
    const CertificateStore& store_;
};

}  // namespace steward::platform
