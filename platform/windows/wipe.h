// Wiping by Windows' own reset, through its management bridge (MDM_RemoteWipe). It reinstalls Windows, removes
// everything else and cleans the drive.
//
// HKLM\SOFTWARE\Steward\Wipe is an administrator's word: Allow = 1 (REG_DWORD); without it nothing is wiped, whoever
// asks. An order stands beside it, and a task of Windows' scheduler carries it out.
#pragma once

#include "platform/windows/registry.h"
#include "platform/windows/tasks.h"
#include "platform/windows/wmi.h"
#include "platform/wipe.h"

namespace steward::platform {

class WindowsWiper final : public Wiper {
  public:
    // `program` is the path of this program, which the task starts.
    WindowsWiper(Registry& registry, Wmi& wmi, Tasks& tasks, const Clock& clock, std::string program)
        : registry_(registry), wmi_(wmi), tasks_(tasks), clock_(clock), program_(std::move(program)) {}

    Result<std::vector<std::string>> plan(WipeKind kind) override;
    Outcome order(WipeKind kind, Instant at) override;
    Result<std::optional<WipeOrder>> ordered() override;
    Outcome carry_out(const std::function<void(const std::string&)>& say) override;

  private:
    Outcome allowed() const;
    Result<std::string> bridge();  // the path of the object that wipes
    Outcome forget();

    Registry& registry_;
    Wmi& wmi_;
    Tasks& tasks_;
    const Clock& clock_;
    std::string program_;
};

}  // namespace steward::platform
