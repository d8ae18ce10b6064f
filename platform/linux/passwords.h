// PasswordRules on Linux, through the files that PAM, the shadow tools, logind and desktops read.
#pragma once

#include "platform/linux/authselect.h"
#include "platform/linux/files.h"
#include "platform/linux/pam_profiles.h"
#include "platform/passwords.h"

namespace steward::platform {

class LinuxPasswords final : public Record<PasswordRules> {
  public:
    LinuxPasswords(Files& files, Processes& processes)
        : files_(files), processes_(processes), profiles_(files, processes), authselect_(files, processes) {}

    Result<PasswordRules> read() override;
    // All files of one write are changed together or not at all, each at most once. A module that a rule needs is put
    // into the PAM stack first.
    Outcome write(const PasswordRules& managed) override;

  private:
    Outcome write_files(const PasswordRules& managed);
    Result<PamTool*> tool();

    Files& files_;
    Processes& processes_;
    PamProfiles profiles_;
    Authselect authselect_;
};

}  // namespace steward::platform
