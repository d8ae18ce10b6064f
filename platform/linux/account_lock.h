// The lock that the shadow tools hold while they change /etc/passwd and /etc/shadow (lckpwdf(3)), of any root. Without
// it a password that somebody changes at the same moment would be lost. Where the lock file does not exist no such
// tool has ever run, and there is nobody to wait for.
#pragma once

#include "platform/linux/files.h"
#include "platform/linux/place.h"

namespace steward::platform {

class AccountLock {
  public:
    explicit AccountLock(const Files& files);  // waits up to 15 s, as lckpwdf does, then goes on without

  private:
    Descriptor file_;
};

}  // namespace steward::platform
