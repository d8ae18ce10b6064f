// Locking screens through systemd-logind. Source: org.freedesktop.login1(5).
#pragma once

#include "platform/linux/bus.h"
#include "platform/sessions.h"

namespace steward::platform {

class LinuxScreens final : public Screens {
  public:
    // Whoever draws the screen is given this long to say that it is locked.
    explicit LinuxScreens(Bus& bus, std::chrono::milliseconds patience = std::chrono::seconds(5))
        : bus_(bus), patience_(patience) {}
    Outcome lock_all() override;

  private:
    struct Session {
        std::string id, user, path, kind;
    };
    Result<std::vector<Session>> sessions();
    Result<bool> locked(const Session& session);

    Bus& bus_;
    std::chrono::milliseconds patience_;
};

}  // namespace steward::platform
