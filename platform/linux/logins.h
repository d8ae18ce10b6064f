// Open sessions, from the state files of systemd-logind, or from utmp where there is no logind.
#pragma once

#include "platform/linux/files.h"
#include "platform/sessions.h"

namespace steward::platform {

class LinuxLogins final : public Record<Logins> {
  public:
    explicit LinuxLogins(const Files& files) : files_(files) {}

    Result<Logins> read() override;
    Outcome write(const Logins& managed) override;

  private:
    const Files& files_;
};

}  // namespace steward::platform
