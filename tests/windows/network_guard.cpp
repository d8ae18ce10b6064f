// A network that the server can't be reached by returns to what it was.
#include "platform/windows/network_guard.h"

#include <gtest/gtest.h>

#include "tests/support/wlan_documents.h"
#include "tests/windows/private_registry.h"
#include "tests/windows/scripted_wlan.h"

namespace steward::platform {
namespace {

using namespace std::chrono_literals;
using Verdict = NetworkGuard::Verdict;

class WindowsNetworkGuardTest : public ::testing::Test {
  protected:
    WindowsNetworkGuardTest() {
        wlan_.adapters["{1}"]["Home"] = test::wlan_personal("somebody's own", "Home");
        write("Office", "pass phrase 1");
    }
    void write(const std::string& key, const std::string& secret, const std::string& name = "Office") {
        WifiNetwork network;
        network.profile = *parse_wlan_profile(test::wlan_personal(secret, name));
        const auto written = wifi_.write(key, network);
        ASSERT_TRUE(written) << written.error().what;
    }
    std::string state() const {
        std::string text = device_.state();
        for (const auto& [adapter, profiles] : wlan_.adapters) {
            for (const auto& [name, document] : profiles) text += adapter + name + document + "\n";
        }
        return text;
    }
    void change() {
        write("Office", "pass phrase 2");
        write("Second", "pass phrase 3", "Home");
    }

    FixedClock clock_;
    test::PrivateRegistry device_;
    test::ScriptedWlan wlan_;
    WindowsWifi wifi_{device_.registry(), wlan_};
    WindowsNetworkGuard guard_{device_.registry(), wlan_, clock_, WindowsNetworkGuard::Watch::when_asked};
};

TEST_F(WindowsNetworkGuardTest, WhatIsKeptStays) {
    ASSERT_TRUE(guard_.arm(60s));
    EXPECT_TRUE(guard_.is_armed());
    change();
    clock_.time += 59s;
    guard_.look();
    EXPECT_EQ(*guard_.keep(), Verdict::kept);
    EXPECT_FALSE(guard_.is_armed());
    EXPECT_EQ(wifi_.names()->size(), 2U);
    clock_.time += 10s;
    guard_.look();
    EXPECT_EQ(wifi_.names()->size(), 2U);
    EXPECT_EQ(*guard_.keep(), Verdict::kept) << "nothing was armed any more";
}

TEST_F(WindowsNetworkGuardTest, WhatNobodyKeptReturns) {
    const auto before = state();
    ASSERT_TRUE(guard_.arm(60s));
    change();
    EXPECT_NE(state(), before);
    clock_.time += 30s;
    ASSERT_TRUE(guard_.arm(60s));  // again: what was stays remembered
    clock_.time += 59s;
    guard_.look();
    EXPECT_TRUE(guard_.is_armed());
    clock_.time += 1s;
    guard_.look();
    EXPECT_EQ(state(), before);
    EXPECT_TRUE(guard_.is_armed()) << "nobody has heard of it yet";
    EXPECT_EQ(*guard_.keep(), Verdict::had_been_undone);
    EXPECT_FALSE(guard_.is_armed());
}

TEST_F(WindowsNetworkGuardTest, UndoneAtOnceAndAlsoWhatWasErased) {
    const auto before = state();
    ASSERT_TRUE(guard_.arm(60s));
    ASSERT_TRUE(wifi_.erase("Office"));
    ASSERT_TRUE(guard_.undo());
    EXPECT_EQ(state(), before);
    EXPECT_FALSE(guard_.is_armed());
}

TEST_F(WindowsNetworkGuardTest, WhoStartsWithAnArmedGuardTakesOverItsWatch) {
    const auto before = state();
    ASSERT_TRUE(guard_.arm(60s));
    change();
    clock_.time += 120s;  // this process has died meanwhile
    {
        WindowsNetworkGuard next(device_.registry(), wlan_, clock_);
        while (next.is_armed()) std::this_thread::yield();
    }
    EXPECT_EQ(state(), before);
}

TEST_F(WindowsNetworkGuardTest, AFailureLeavesItArmedToTryAgain) {
    const auto before = state();
    for (int n = 1;; ++n) {
        ASSERT_TRUE(guard_.arm(60s));
        change();
        wlan_.fail(n);
        const auto undone = guard_.undo();
        const bool failed = wlan_.failed();
        wlan_.fail(0);
        if (!failed) break;
        EXPECT_FALSE(undone) << n;
        EXPECT_TRUE(guard_.is_armed()) << n;
        ASSERT_TRUE(guard_.undo()) << n;
        EXPECT_EQ(state(), before) << n;
    }
    EXPECT_EQ(state(), before);
}

}  // namespace
}  // namespace steward::platform
