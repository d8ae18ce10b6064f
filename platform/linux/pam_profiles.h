// Modules that a rule needs and the PAM stack of this device does not run: added and taken away by the device's own
// tool, pam-auth-update(8), from profiles that we put beside those of the packages. The common-* files are never
// written by us; where somebody edited them by hand the tool leaves them alone, and so do we.
#pragma once

#include <map>
#include <string>

#include "platform/linux/files.h"
#include "platform/passwords.h"
#include "platform/processes.h"

namespace steward::platform {

// By name: the text of each of our profiles.
using PamProfileSet = std::map<std::string, std::string>;

class PamProfiles {
  public:
    PamProfiles(Files& files, Processes& processes) : files_(files), processes_(processes) {}

    Result<PamProfileSet> present() const;
    // What these rules need beyond the stack that the packages of this device make.
    Result<PamProfileSet> needed(const PasswordRules& rules) const;
    // Makes the stack run exactly these profiles of ours. Fault::unsupported: the tool would not; all is as before.
    Outcome bring(const PamProfileSet& profiles);

  private:
    Outcome update(const PamProfileSet& profiles, const PamProfileSet& before);
    Outcome run_tool(const std::vector<std::string>& arguments);
    Result<bool> runs(const PamProfileSet& profiles) const;
    Result<bool> in_force(const PamProfileSet& profiles) const;

    Files& files_;
    Processes& processes_;
};

}  // namespace steward::platform
