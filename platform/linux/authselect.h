// authselect(8) as a PamTool: the features of the profile that an administrator chose, of which we enable those that a
// rule needs. Which ones those were is noted before, so that only they are disabled again.
#pragma once

#include "platform/linux/files.h"
#include "platform/linux/pam_tool.h"
#include "platform/processes.h"

namespace steward::platform {

class Authselect final : public PamTool {
  public:
    Authselect(Files& files, Processes& processes) : files_(files), processes_(processes) {}

    Result<bool> here() const;

    Result<PamParts> present() const override;
    Result<PamParts> needed(const PasswordRules& rules) const override;
    Outcome bring(const PamParts& parts) override;

  private:
    Outcome run(const std::vector<std::string>& arguments, Fault fault, const std::string& sentence);
    Outcome note(const PamParts& parts);
    Outcome update(const PamParts& parts, const PamParts& before);

    Files& files_;
    Processes& processes_;
};

}  // namespace steward::platform
