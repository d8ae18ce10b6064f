// Certificates with their keys that were brought from outside, each in a directory of its own:
//     /etc/steward/certificates/clients/DIGEST-OF-ITS-NAME/{install,certificate.pem,key.pem}
// Below /etc, because wpa_supplicant may read there on every distribution, under SELinux too. Only root reads the key.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "platform/base/certificate.h"
#include "platform/base/certificate_use.h"
#include "platform/certificates.h"
#include "platform/linux/files.h"

namespace steward::platform {

class ClientCertificates final : public Table<ClientCertificate> {
  public:
    explicit ClientCertificates(Files& files) : files_(files) {}

    Result<std::vector<std::string>> names() override;
    Result<ClientCertificate> read(std::string_view key) override;
    Outcome write(std::string_view key, const ClientCertificate& managed) override;
    Outcome erase(std::string_view key) override;

  private:
    Files& files_;
};

// The same by their thumbprints.
class PersonalCertificates final : public Table<StoredCertificate> {
  public:
    explicit PersonalCertificates(Files& files) : files_(files) {}

    Result<std::vector<std::string>> names() override;
    Result<StoredCertificate> read(std::string_view key) override;
    Outcome write(std::string_view key, const StoredCertificate& managed) override;
    Outcome erase(std::string_view key) override;

  private:
    Files& files_;
};

struct InstalledClient {
    std::string certificate_file, key_file;
    Certificate certificate;
    CertificateUse use;
};

// Those whose key belongs to them, the one that is valid longest first.
std::vector<InstalledClient> installed_clients(const Files& files);

}  // namespace steward::platform
