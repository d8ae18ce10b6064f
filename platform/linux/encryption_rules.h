// What is asked of the disks, kept in a file of our own: nothing else on Linux has such a rule.
#pragma once

#include "platform/encryption.h"
#include "platform/linux/files.h"

namespace steward::platform {

class LinuxEncryptionRules final : public Record<EncryptionRules> {
  public:
    explicit LinuxEncryptionRules(Files& files) : files_(files) {}

    Result<EncryptionRules> read() override;
    Outcome write(const EncryptionRules& managed) override;

  private:
    Files& files_;
};

}  // namespace steward::platform
