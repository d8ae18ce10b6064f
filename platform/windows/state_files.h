// State files below one directory.
#pragma once

#include <string>

#include "platform/state_files.h"

namespace steward::platform {

class WindowsStateFiles final : public StateFiles {
  public:
    explicit WindowsStateFiles(std::string directory) : directory_(std::move(directory)) {}

    Outcome apply(const std::vector<StateFile>& files) override;
    Result<std::optional<std::string>> find(std::string_view path) override;
    Result<std::vector<std::string>> list(std::string_view directory) override;
    std::string full_path(std::string_view path) const override;

  private:
    std::string directory_;
};

}  // namespace steward::platform
