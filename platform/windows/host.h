// Windows as a Host: real code where there is some, and a plain "not yet" where there is none.
#pragma once

#include <memory>
#include <string>

#include "platform/device.h"
#include "platform/host.h"

namespace steward::platform {

struct WindowsOptions {
    std::string root = "/";
    std::string device_id;  // made and kept by the agent; empty: unknown
};

class WindowsHost final : public Device {
  public:
    // The clock must outlive the host.
    WindowsHost(WindowsOptions options, const Clock& clock);
    ~WindowsHost() override;
    WindowsHost(const WindowsHost&) = delete;
    WindowsHost& operator=(const WindowsHost&) = delete;

    Host& host() override;

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace steward::platform
