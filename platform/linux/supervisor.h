// systemd as the supervisor, reached by the datagrams of sd_notify(3); without one everything is said to nobody.
#pragma once

#include <string>

#include "platform/supervisor.h"

namespace steward::platform {

class SystemdSupervisor final : public Supervisor {
  public:
    SystemdSupervisor();  // by NOTIFY_SOCKET and WATCHDOG_USEC of the environment
    ~SystemdSupervisor() override;
    SystemdSupervisor(const SystemdSupervisor&) = delete;
    SystemdSupervisor& operator=(const SystemdSupervisor&) = delete;

    void ready() override;
    void reloading() override;
    void stopping() override;
    void alive() override;
    void status(std::string_view words) override;
    std::optional<std::chrono::seconds> watchdog() const override { return watchdog_; }

  private:
    void say(const std::string& words) const;

    int socket_ = -1;
    std::optional<std::chrono::seconds> watchdog_;
};

}  // namespace steward::platform
