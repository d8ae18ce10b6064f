// Tasks of Windows' scheduler below the folder "Steward", each as the document that it keeps: the seam that tests put a
// script behind. Source: Task Scheduler Schema.
#pragma once

#include <optional>
#include <string>

#include "platform/base/result.h"

namespace steward::platform {

struct Tasks {
    virtual ~Tasks() = default;
    virtual Result<std::optional<std::string>> find(const std::string& name) = 0;
    virtual Outcome put(const std::string& name, const std::string& document) = 0;
    virtual Outcome erase(const std::string& name) = 0;  // what is not there is already erased
};

class SystemTasks final : public Tasks {
  public:
    Result<std::optional<std::string>> find(const std::string& name) override;
    Outcome put(const std::string& name, const std::string& document) override;
    Outcome erase(const std::string& name) override;
};

}  // namespace steward::platform
