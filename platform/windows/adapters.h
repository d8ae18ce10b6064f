// The network adapters with hardware behind them. Source: GetAdaptersAddresses.
#pragma once

#include <functional>
#include <map>

#include "platform/network.h"

namespace steward::platform {

using Adapters = std::map<std::string, Adapter, std::less<>>;
Result<Adapters> system_adapters();  // by their addresses, in lower case

class WindowsAdapters final : public Table<Adapter> {
  public:
    explicit WindowsAdapters(std::function<Result<Adapters>()> source = system_adapters) : source_(std::move(source)) {}

    Result<std::vector<std::string>> names() override;
    Result<Adapter> read(std::string_view key) override;
    Outcome write(std::string_view key, const Adapter& managed) override;
    Outcome erase(std::string_view key) override;

  private:
    std::function<Result<Adapters>()> source_;
};

}  // namespace steward::platform
