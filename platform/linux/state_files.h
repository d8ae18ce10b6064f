// State files over Files, whose root is the state directory.
#pragma once

#include "platform/linux/files.h"
#include "platform/state_files.h"

namespace steward::platform {

class LinuxStateFiles final : public StateFiles {
  public:
    explicit LinuxStateFiles(Files state) : state_(std::move(state)) {}

    Outcome apply(const std::vector<StateFile>& files) override;
    Result<std::optional<std::string>> find(std::string_view path) override;
    Result<std::vector<std::string>> list(std::string_view directory) override;
    std::string full_path(std::string_view path) const override { return state_.root() + std::string(path); }

  private:
    Files state_;
};

}  // namespace steward::platform
