// The guard as a checkpoint of NetworkManager, which rolls back by itself when nobody destroys it in time.
#pragma once

#include <string>

#include "platform/linux/network_manager.h"
#include "platform/wifi.h"

namespace steward::platform {

class CheckpointGuard final : public NetworkGuard {
  public:
    explicit CheckpointGuard(Bus& bus) : manager_(bus) {}

    Outcome arm(std::chrono::seconds patience) override;
    bool is_armed() const override { return !checkpoint_.empty(); }
    Result<Verdict> keep() override;
    Outcome undo() override;

  private:
    NetworkManager manager_;
    std::string checkpoint_;  // object path; empty: not armed
};

}  // namespace steward::platform
