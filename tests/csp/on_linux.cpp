// The CSPs of this build over a private root of Debian.
#include <gtest/gtest.h>

#include "csp/contents.h"
#include "platform/linux/host.h"
#include "tests/csp/device_lock.h"
#include "tests/support/debian_root.h"
#include "tests/support/temporary_directory.h"

namespace steward::csp {
namespace {

TEST(DeviceLock, EachRuleWorksAloneOnLinux) {
    const test::TemporaryDirectory root;
    test::make_debian_root(root.path());
    const FixedClock clock;
    platform::LinuxHost host({root.path(), "device"}, clock);
    auto csps = contents(host.host());
    for (const auto& each : settings) EXPECT_EQ(alone(csps, each.name, each.value), each.device) << each.name;
}

}  // namespace
}  // namespace steward::csp
