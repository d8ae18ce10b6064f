// PasswordRules on Linux, through the files that PAM, the shadow tools and logind read.
#pragma once

#include "platform/linux/files.h"
#include "platform/passwords.h"

namespace steward::platform {

class LinuxPasswords final : public Record<PasswordRules> {
  public:
    explicit LinuxPasswords(Files& files) : files_(files) {}

    Result<PasswordRules> read() override;
    // All files of one write are changed together or not at all, each at most once.
    Outcome write(const PasswordRules& managed) override;

  private:
    Files& files_;
};

}  // namespace steward::platform
