// Intermediate authorities as files. No program of the system takes them as anchors; whoever pins one by its thumbprint
// finds it here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "platform/certificates.h"
#include "platform/linux/files.h"

namespace steward::platform {

class Intermediates final : public Table<StoredCertificate> {
  public:
    explicit Intermediates(Files& files) : files_(files) {}

    Result<std::vector<std::string>> names() override;
    Result<StoredCertificate> read(std::string_view key) override;
    Outcome write(std::string_view key, const StoredCertificate& managed) override;
    Outcome erase(std::string_view key) override;

  private:
    Files& files_;
};

}  // namespace steward::platform
