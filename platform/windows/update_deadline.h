// The deadline of updates on Windows, which Windows Update keeps by itself once its policy says so.
#pragma once

#include <string>
#include <vector>

#include "platform/updates.h"

namespace steward::platform {

class WindowsUpdateDeadline final : public UpdateDeadline {
  public:
    explicit WindowsUpdateDeadline(Table<PackageUpdate>& installable) : installable_(installable) {}

    // Since when Windows Update counts is not told by any interface of it.
    Result<UpdateStanding> standing() override {
        auto names = installable_.names();
        if (!names) return std::move(names).error();
        UpdateStanding standing;
        for (auto& name : *names)
            standing.pending.push_back({std::move(name), std::nullopt, std::nullopt, std::nullopt});
        return standing;
    }
    Outcome hold() override { return {}; }  // so it does with what waits
    Result<std::vector<std::string>> enforce() override {
        return Error{Fault::unsupported, "Windows Update keeps the deadline of updates by itself.", {}};
    }

  private:
    Table<PackageUpdate>& installable_;
};

}  // namespace steward::platform
