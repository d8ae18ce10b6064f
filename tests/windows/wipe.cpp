// A wipe needs two words, and is Windows' own reset.
#include "platform/windows/wipe.h"

#include <gtest/gtest.h>

#include "tests/windows/private_registry.h"
#include "tests/windows/scripted_tasks.h"

namespace steward::platform {
namespace {

using namespace std::chrono_literals;

const std::string place = R"(SOFTWARE\Steward\Wipe)";

struct ScriptedBridge final : Wmi {
    bool present = true;
    std::int64_t code = 0;
    std::vector<std::string> called;
    Result<std::vector<WmiObject>> query(const std::string& space, const std::string&) override {
        if (!present || space != R"(root\cimv2\mdm\dmmap)") return Error{Fault::unsupported, "Not here.", ""};
        return std::vector<WmiObject>{{{"__RELPATH", std::string("MDM_RemoteWipe.InstanceID=\"RemoteWipe\"")}}};
    }
    Result<WmiObject> call(const std::string&, const std::string& path, const std::string& method,
                           const WmiObject& arguments) override {
        EXPECT_EQ(path, "MDM_RemoteWipe.InstanceID=\"RemoteWipe\"");
        EXPECT_EQ(text_of(arguments, "param"), "");
        called.push_back(method);
        return WmiObject{{"ReturnValue", code}};
    }
};

class WindowsWiperTest : public ::testing::Test {
  protected:
    WindowsWiperTest() { clock_.time = std::chrono::sys_days(2026y / 11 / 24) + 9h; }
    void allow() { device_.set(place, "Allow", dword(1)); }
    Outcome carry_out() {
        return wiper_.carry_out([this](const std::string& step) { said_ += step + "\n"; });
    }

    FixedClock clock_;
    test::PrivateRegistry device_;
    ScriptedBridge bridge_;
    test::ScriptedTasks tasks_;
    std::string said_;
    WindowsWiper wiper_{device_.registry(), bridge_, tasks_, clock_, R"(C:\Program Files\Steward\steward.exe)"};
};

TEST_F(WindowsWiperTest, WithoutItsAdministratorsWordNothingIsWiped) {
    for (const auto& value : {text_value("1"), dword(0), dword(2)}) {
        EXPECT_EQ(wiper_.plan(WipeKind::quick).error().fault, Fault::refused);
        EXPECT_EQ(wiper_.order(WipeKind::quick, clock_.time).error().fault, Fault::refused);
        device_.set(place, "Allow", value);
    }
    EXPECT_TRUE(tasks_.documents.empty());
    EXPECT_EQ(*wiper_.ordered(), std::nullopt);
    EXPECT_EQ(carry_out().error().fault, Fault::not_found);
}

TEST_F(WindowsWiperTest, AnOrderIsATaskAndCarriedOutOnce) {
    allow();
    EXPECT_EQ(wiper_.plan(WipeKind::thorough)->size(), 3U);
    ASSERT_TRUE(wiper_.order(WipeKind::thorough, clock_.time + 60s));
    const auto order = *wiper_.ordered();
    ASSERT_TRUE(order);
    EXPECT_EQ(order->kind, WipeKind::thorough);
    EXPECT_EQ(order->at, clock_.time + 60s);
    const auto& task = tasks_.documents.at("Wipe");
    EXPECT_NE(task.find(R"(C:\Program Files\Steward\steward.exe)"), std::string::npos);
    EXPECT_NE(task.find("2026-11-24T09:01:00Z"), std::string::npos) << task;
    EXPECT_NE(task.find("<StartWhenAvailable>true"), std::string::npos);
    EXPECT_EQ(carry_out().error().fault, Fault::busy);
    EXPECT_TRUE(bridge_.called.empty());
    clock_.time += 60s;
    ASSERT_TRUE(carry_out());
    EXPECT_EQ(bridge_.called, std::vector<std::string>{"doWipeProtectedMethod"});
    EXPECT_NE(said_.find("started"), std::string::npos);
    EXPECT_TRUE(tasks_.documents.empty());
    EXPECT_EQ(carry_out().error().fault, Fault::not_found);
}

TEST_F(WindowsWiperTest, WhatWindowsRefusesIsSaidAndNotTriedAgain) {
    allow();
    ASSERT_TRUE(wiper_.order(WipeKind::quick, clock_.time));
    bridge_.code = 0x80070005;
    EXPECT_FALSE(carry_out());
    EXPECT_EQ(bridge_.called, std::vector<std::string>{"doWipeMethod"});
    EXPECT_NE(said_.find("failed"), std::string::npos);
    EXPECT_EQ(*wiper_.ordered(), std::nullopt);
}

TEST_F(WindowsWiperTest, AnOrderThatCanNotBePlannedIsNoOrder) {
    allow();
    tasks_.fail_at = 1;
    EXPECT_FALSE(wiper_.order(WipeKind::quick, clock_.time));
    EXPECT_EQ(*wiper_.ordered(), std::nullopt);
    bridge_.present = false;
    EXPECT_EQ(wiper_.order(WipeKind::quick, clock_.time).error().fault, Fault::unsupported);
    device_.set(place, "Kind", text_value("slow"));
    EXPECT_EQ(wiper_.ordered().error().fault, Fault::malformed);
    EXPECT_EQ(carry_out().error().fault, Fault::malformed);
}

}  // namespace
}  // namespace steward::platform
