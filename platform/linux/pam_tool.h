// The tool of this device that makes its PAM stack. What a rule needs and the stack does not run gets there by it
// alone: no line of the stack is ever written by us.
#pragma once

#include <map>
#include <string>

#include "platform/base/result.h"
#include "platform/passwords.h"

namespace steward::platform {

// What we have the tool put into the stack, by the tool's name for it; the text is that of a file of ours, where the
// tool wants one.
using PamParts = std::map<std::string, std::string>;

class PamTool {
  public:
    virtual ~PamTool() = default;
    virtual Result<PamParts> present() const = 0;
    // What these rules need beyond the stack that this device has without us. Empty, too, where the tool is missing.
    virtual Result<PamParts> needed(const PasswordRules& rules) const = 0;
    // Makes the stack run exactly these parts of ours. Fault::unsupported: the tool would not; all is as before.
    virtual Outcome bring(const PamParts& parts) = 0;
};

// Whether these rules need failed sign-ins to be counted.
inline bool counts_failures(const PasswordRules& rules) {
    return rules.max_failed_attempts.value_or(0) > 0 || (rules.lockout && rules.lockout->threshold > 0) ||
           rules.lock_administrator == true;
}

}  // namespace steward::platform
