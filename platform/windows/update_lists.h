// What Windows Update knows of updates. An update goes by the GUID that it has everywhere.
#pragma once

#include "platform/update_table.h"
#include "platform/windows/registry.h"
#include "platform/windows/update_agent.h"

namespace steward::platform {

Result<PackageUpdates> installable_updates(UpdateAgent& agent);
Result<PackageUpdates> installed_updates(UpdateAgent& agent);
Result<PackageUpdates> failed_updates(UpdateAgent& agent);  // whose last installation failed
Result<PackageUpdates> updates_pending_restart(UpdateAgent& agent, const Registry& registry);

class WindowsUpdateFacts final : public Record<UpdateFacts> {
  public:
    explicit WindowsUpdateFacts(UpdateAgent& agent) : agent_(agent) {}
    Result<UpdateFacts> read() override;
    Outcome write(const UpdateFacts& managed) override;

  private:
    UpdateAgent& agent_;
};

}  // namespace steward::platform
