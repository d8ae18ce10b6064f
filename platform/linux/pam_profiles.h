// Modules that a rule needs and the PAM stack of this device does not run: added and taken away by the device's own
// tool, pam-auth-update(8), from profiles that we put beside those of the packages. The common-* files are never
// written by us; where somebody edited them by hand the tool leaves them alone, and so do we.
#pragma once

#include <string>
#include <vector>

#include "platform/linux/files.h"
#include "platform/linux/pam_tool.h"
#include "platform/processes.h"

namespace steward::platform {

class PamProfiles final : public PamTool {
  public:
    PamProfiles(Files& files, Processes& processes) : files_(files), processes_(processes) {}

    Result<PamParts> present() const override;
    Result<PamParts> needed(const PasswordRules& rules) const override;
    Outcome bring(const PamParts& profiles) override;

  private:
    Outcome update(const PamParts& profiles, const PamParts& before);
    Outcome run_tool(const std::vector<std::string>& arguments);
    Result<bool> runs(const PamParts& profiles) const;
    Result<bool> in_force(const PamParts& profiles) const;

    Files& files_;
    Processes& processes_;
};

}  // namespace steward::platform
