// What the connection costs, as Windows sees it. Source: INetworkCostManager, NLM_CONNECTION_COST.
#pragma once

#include <cstdint>
#include <functional>

#include "platform/network.h"

namespace steward::platform {

Result<std::uint32_t> connection_cost();  // a sum of NLM_CONNECTION_COST; 0: it can't be told

class WindowsUplink final : public Record<Uplink> {
  public:
    explicit WindowsUplink(std::function<Result<std::uint32_t>()> cost = connection_cost) : cost_(std::move(cost)) {}
    Result<Uplink> read() override;
    Outcome write(const Uplink& managed) override;

  private:
    std::function<Result<std::uint32_t>()> cost_;
};

}  // namespace steward::platform
