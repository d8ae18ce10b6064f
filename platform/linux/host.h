// Linux as a Host: real code over a root directory, which is "/" or a private root for tests and demonstrations.
#pragma once

#include <memory>
#include <string>

#include "platform/host.h"
#include "platform/linux/calls.h"

namespace steward::platform {

struct LinuxOptions {
    std::string root = "/";
    std::string device_id;  // made and kept by the agent; empty: unknown
};

class LinuxHost {
  public:
    // The clock and the calls must outlive the host.
    LinuxHost(LinuxOptions options, const Clock& clock, Calls& calls = system_calls());
    ~LinuxHost();
    LinuxHost(const LinuxHost&) = delete;
    LinuxHost& operator=(const LinuxHost&) = delete;

    Host& host();

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace steward::platform
