// Restarts as tasks of Windows' own scheduler: carried out whatever becomes of us.
#pragma once

#include "platform/power.h"
#include "platform/windows/tasks.h"

namespace steward::platform {

class WindowsPower final : public Power {
  public:
    WindowsPower(Tasks& tasks, const Clock& clock) : tasks_(tasks), clock_(clock) {}
    // People are told five minutes before, or at once where it is less.
    Outcome plan_restart(Instant when, const std::string& sentence) override;
    Result<std::optional<Instant>> planned_restart() override;

  private:
    Tasks& tasks_;
    const Clock& clock_;
};

class WindowsRestartSchedule final : public Record<RestartSchedule> {
  public:
    explicit WindowsRestartSchedule(Tasks& tasks) : tasks_(tasks) {}
    Result<RestartSchedule> read() override;
    Outcome write(const RestartSchedule& managed) override;

  private:
    Tasks& tasks_;
};

}  // namespace steward::platform
