// What the system itself serves is a part of the tree like any other, and never in the place of what this build
// declares.
#include "csp/bridge.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "agent/tree/handbook.h"
#include "agent/tree/tree.h"
#include "csp/contents.h"
#include "platform/bridge.h"
#include "tests/support/memory_host.h"

namespace steward::csp {
namespace {

using Kind = platform::BridgeLeaf::Kind;

class MemoryBridge final : public platform::Bridge {
  public:
    std::vector<platform::BridgeNode> known;
    std::map<std::string, platform::BridgeValues, std::less<>> device, managed;
    std::optional<Error> trouble;

    Result<std::vector<platform::BridgeNode>> nodes() override {
        if (trouble) return *trouble;
        return known;
    }
    Result<platform::BridgeValues> read(const platform::BridgeNode& node) override {
        auto values = device[node.uri];
        for (const auto& [name, value] : managed[node.uri]) values[name] = value;
        return values;
    }
    Outcome write(const platform::BridgeNode& node, const platform::BridgeValues& wanted) override {
        if (trouble) return *trouble;
        managed[node.uri] = wanted;
        return {};
    }
};

const std::string camera = "./Device/Vendor/MSFT/Policy/Config/Camera";
const std::string setting = camera + "/AllowCamera";

class BridgeTest : public ::testing::Test {
  protected:
    BridgeTest() {
        bridge_.known = {{camera, "MDM_Policy_Config01_Camera02", {{"AllowCamera", Kind::number, true}}},
                         {"./Device/Vendor/MSFT/AssignedAccess",
                          "MDM_AssignedAccess",
                          {{"Status", Kind::text, false}, {"Configuration", Kind::text, true}}}};
    }
    tree::Tree& tree() {
        if (!tree_) {
            auto csps = contents(memory_.host);
            added_ = add_bridged(csps, bridge_);
            tree_.emplace(std::move(csps), policies_, actions_);
        }
        return *tree_;
    }
    tree::Answer run(tree::Verb verb, const std::string& uri, std::optional<std::string> data = {}) {
        const std::vector<tree::Operation> operations = {{verb, uri, {}, {}, {}, std::move(data)}};
        return tree().run(corp_, operations).front();
    }
    std::string get(const std::string& uri) {
        const auto answer = run(tree::Verb::get, uri);
        if (answer.state != tree::Answer::State::done) return "fault";
        return answer.found.front().data.value_or("nothing");
    }
    static bool done(const tree::Answer& answer) { return answer.state == tree::Answer::State::done; }

    test::MemoryHost memory_;
    MemoryBridge bridge_;
    FixedClock clock_;
    store::Policies policies_{clock_};
    store::Actions actions_{clock_};
    Outcome added_;
    std::optional<tree::Tree> tree_;
    const tree::Context corp_{"corp", "7"};
};

TEST_F(BridgeTest, ASettingIsMadeAskedForAndGivenBack) {
    EXPECT_EQ(run(tree::Verb::get, setting).error.fault, Fault::not_found);
    EXPECT_TRUE(done(run(tree::Verb::replace, setting, "0")));
    EXPECT_EQ(bridge_.managed[camera].at("AllowCamera"), "0");
    EXPECT_EQ(get(setting), "0");
    EXPECT_EQ(get("./Device/Vendor/MSFT/Policy/Result/Camera/AllowCamera"), "0");
    EXPECT_EQ(run(tree::Verb::replace, setting, "no number").error.fault, Fault::invalid);
    EXPECT_TRUE(tree().release("corp"));
    EXPECT_TRUE(bridge_.managed[camera].empty());
}

TEST_F(BridgeTest, AnAtomicThatFailsTakesItBack) {
    const std::vector<tree::Operation> operations = {
        {tree::Verb::replace, setting, {}, {}, {}, "0"},
        {tree::Verb::replace, "./Device/Vendor/MSFT/Nowhere", {}, {}, {}, "0"},
    };
    const auto answers = tree().run_atomic(corp_, operations);
    EXPECT_EQ(answers.back().state, tree::Answer::State::failed);
    EXPECT_TRUE(bridge_.managed[camera].empty());
}

TEST_F(BridgeTest, WhatIsOnlyToldCannotBeSet) {
    bridge_.device["./Device/Vendor/MSFT/AssignedAccess"]["Status"] = "none";
    EXPECT_EQ(get("./Device/Vendor/MSFT/AssignedAccess/Status"), "none");
    EXPECT_EQ(run(tree::Verb::replace, "./Device/Vendor/MSFT/AssignedAccess/Status", "x").error.fault, Fault::refused);
    EXPECT_TRUE(done(run(tree::Verb::replace, "./Device/Vendor/MSFT/AssignedAccess/Configuration", "<a/>")));
    EXPECT_EQ(bridge_.managed["./Device/Vendor/MSFT/AssignedAccess"],
              (platform::BridgeValues{{"Configuration", "<a/>"}}));
}

TEST_F(BridgeTest, WhatThisBuildDeclaresStaysItsOwn) {
    bridge_.known = {
        {"./Device/Vendor/MSFT/Policy/Config/DEVICELOCK", "A", {{"MinDevicePasswordLength", Kind::number, true}}},
        {"./Device/Vendor/MSFT/DeviceStatus/Battery", "B", {{"Status", Kind::number, false}}},
        {"./Device/Vendor/MSFT/WiFi/Profile/Guest", "C", {{"WlanXml", Kind::text, true}}},
        {"./Device/Vendor/MSFT/DeviceStatus/Seal", "D", {{"Broken", Kind::number, false}}},
    };
    bridge_.device["./Device/Vendor/MSFT/DeviceStatus/Seal"]["Broken"] = "1";
    EXPECT_TRUE(
        done(run(tree::Verb::replace, "./Device/Vendor/MSFT/Policy/Config/DeviceLock/MinDevicePasswordLength", "8")));
    EXPECT_EQ(memory_.passwords.read()->min_length, 8);
    EXPECT_TRUE(bridge_.managed.empty());
    EXPECT_EQ(get("./Device/Vendor/MSFT/DeviceStatus/Seal/Broken"), "1");
}

// Otherwise one node would be declared twice.
TEST_F(BridgeTest, ALeafThatIsANodeElsewhereIsLeftOut) {
    bridge_.known = {
        {"./Device/Vendor/MSFT/Odd", "A", {{"Part", Kind::text, true}, {"Other", Kind::text, true}}},
        {"./Device/Vendor/MSFT/Odd/Part", "B", {{"Value", Kind::text, true}}},
        {"./Device/Vendor/MSFT/odd", "C", {{"More", Kind::text, true}}},
    };
    EXPECT_TRUE(done(run(tree::Verb::replace, "./Device/Vendor/MSFT/Odd/Part/Value", "x")));
    EXPECT_TRUE(done(run(tree::Verb::replace, "./Device/Vendor/MSFT/Odd/Other", "x")));
    EXPECT_EQ(run(tree::Verb::replace, "./Device/Vendor/MSFT/Odd/More", "x").error.fault, Fault::not_found);
}

TEST_F(BridgeTest, TheHandbookNamesWhoServesIt) {
    const auto text = tree::handbook(tree().mount(), camera);
    ASSERT_TRUE(text);
    EXPECT_NE(text->find("Served by the system itself (MDM\\_Policy\\_Config01\\_Camera02)."), std::string::npos)
        << *text;
}

TEST_F(BridgeTest, WithoutABridgeTheRestIsThere) {
    bridge_.trouble = Error{Fault::unsupported, "Not here.", ""};
    EXPECT_EQ(run(tree::Verb::replace, setting, "0").error.fault, Fault::not_found);
    EXPECT_EQ(added_.error().fault, Fault::unsupported);
    EXPECT_EQ(get("./DevInfo/Man"), "LENOVO");
}

}  // namespace
}  // namespace steward::csp
