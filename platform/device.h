// This system as a Host.
#pragma once

#include <memory>
#include <string>

#include "platform/host.h"

namespace steward::platform {

struct Device {
    virtual ~Device() = default;
    virtual Host& host() = 0;
};

// root: "/" for the machine itself, or a private root for tests and demonstrations. device_id: made and kept by the
// agent; empty: unknown. The clock must outlive the device.
std::unique_ptr<Device> open_device(const std::string& root, std::string device_id, const Clock& clock);

}  // namespace steward::platform
