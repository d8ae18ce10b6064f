// Who is signed in, and the lock of every session. A service has no desktop to lock; it takes the sessions off their
// screens, which then show the sign-in screen.
#pragma once

#include "platform/sessions.h"
#include "platform/windows/session_calls.h"

namespace steward::platform {

class WindowsLogins final : public Record<Logins> {
  public:
    explicit WindowsLogins(SessionCalls& calls) : calls_(calls) {}
    Result<Logins> read() override;
    Outcome write(const Logins& managed) override;

  private:
    SessionCalls& calls_;
};

class WindowsScreens final : public Screens {
  public:
    explicit WindowsScreens(SessionCalls& calls) : calls_(calls) {}
    Outcome lock_all() override;

  private:
    SessionCalls& calls_;
};

}  // namespace steward::platform
