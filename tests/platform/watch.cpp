#include "platform/watch.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <future>

#include "tests/support/temporary_directory.h"

namespace steward::platform {
namespace {

using std::chrono::seconds;

struct Told {
    std::promise<void> logins, settings;
    int logins_told = 0, settings_told = 0;
    void operator()(Changed changed) {
        if (changed == Changed::logins && ++logins_told == 1) logins.set_value();
        if (changed == Changed::settings && ++settings_told == 1) settings.set_value();
    }
};

TEST(WatchTest, AChangedSettingIsNoticedAlsoInAPlaceThatCameLater) {
    const test::TemporaryDirectory root;
    root.write("/etc/login.defs", "PASS_MAX_DAYS 90\n");
    for (const char* file :
         {"/etc/login.defs", "/etc/security/faillock.conf", "/etc/security/pwquality.conf.d/x.conf"}) {
        Told told;
        const Watch watch(root.path(), [&](Changed changed) { told(changed); });
        auto noticed = told.settings.get_future();
        root.write(file, "changed\n");
        EXPECT_EQ(noticed.wait_for(seconds(20)), std::future_status::ready) << file;
    }
}

TEST(WatchTest, ASessionOfAPersonIsNoticed) {
    const test::TemporaryDirectory root;
    std::filesystem::create_directories(root.below("/run/systemd/sessions"));
    Told told;
    const Watch watch(root.path(), [&](Changed changed) { told(changed); });
    auto noticed = told.logins.get_future();
    root.write("/run/systemd/sessions/3.new", "USER=ann\n");
    EXPECT_EQ(noticed.wait_for(seconds(20)), std::future_status::ready);
}

}  // namespace
}  // namespace steward::platform
