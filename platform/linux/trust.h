// Whom the system trusts: the list that its own tool makes of the distribution's authorities and of local anchors.
//
// Ours are anchors of their own, steward-NAME.crt beside those of the administrator, which are never touched. The tool
// runs once after any number of changes, when somebody next wants to know; a mark on the disk remembers that it has to,
// so that a kill in between leaves nothing half done.
#pragma once

#include <ctime>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "platform/certificates.h"
#include "platform/linux/files.h"
#include "platform/processes.h"

namespace steward::platform {

// The DER by thumbprint in upper case.
using CertificatesByThumbprint = std::map<std::string, std::string, std::less<>>;

// The places of one family of distributions.
struct TrustFamily {
    std::string_view tool, anchors, list;
};

class TrustAnchors final : public Table<StoredCertificate> {
  public:
    TrustAnchors(Files& files, Processes& processes) : files_(files), processes_(processes) {}

    Result<std::vector<std::string>> names() override;
    Result<StoredCertificate> read(std::string_view key) override;
    Outcome write(std::string_view key, const StoredCertificate& managed) override;
    Outcome erase(std::string_view key) override;

    // What programs of this device really take as their anchors, changes included.
    Result<std::shared_ptr<const CertificatesByThumbprint>> trusted();

  private:
    Outcome settle();
    Outcome apply_marked(Change change);
    Result<std::shared_ptr<const CertificatesByThumbprint>> list();

    Files& files_;
    Processes& processes_;
    std::shared_ptr<const CertificatesByThumbprint> list_;  // as the file was at this time
    timespec list_time_{};
    ino_t list_file_ = 0;
};

class SystemTrust final : public Table<StoredCertificate> {
  public:
    explicit SystemTrust(TrustAnchors& anchors) : anchors_(anchors) {}

    Result<std::vector<std::string>> names() override;
    Result<StoredCertificate> read(std::string_view key) override { return anchors_.read(key); }
    Outcome write(std::string_view key, const StoredCertificate& managed) override;
    Outcome erase(std::string_view key) override;

  private:
    TrustAnchors& anchors_;
};

// The DER of an anchor of ours by its thumbprint, whether the system's list has taken it in yet or not; empty: none.
Result<std::string> own_anchor(const Files& files, std::string_view thumbprint);

}  // namespace steward::platform
