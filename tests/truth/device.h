// The device that the table of truth is tried on: the system's own back ends over a private root, with scripts where
// the system can't be had. One per system; CMake chooses.
#pragma once

#include <memory>
#include <string>

#include "platform/host.h"

namespace steward::test {

struct TruthDevice {
    virtual ~TruthDevice() = default;
    virtual platform::Host& host() = 0;
    virtual std::string state() = 0;  // of everything that a setting may change, to be compared
};

// Each call makes a pristine one.
std::unique_ptr<TruthDevice> truth_device();
bool can_be_tried(const std::string& uri);  // false: this machine lacks what it takes
std::string truth_system();                 // the name of its column in the table: "linux"

}  // namespace steward::test
