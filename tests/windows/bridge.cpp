// What Windows itself serves: let through by an administrator's word only, read where it is in force, and given back.
#include "platform/windows/bridge.h"

#include <gtest/gtest.h>

#include "platform/windows/bridge_class.h"
#include "tests/windows/private_registry.h"
#include "tests/windows/scripted_bridge.h"

namespace steward::platform {
namespace {

const std::string place = R"(SOFTWARE\Steward\Bridge)";

TEST(WindowsBridgeClass, NodesFollowFromNames) {
    EXPECT_EQ(node_of_class("MDM_Policy_Config01_Camera02"), "Policy/Config/Camera");
    EXPECT_EQ(node_of_class("MDM_Policy_Config01_ADMX_WindowsExplorer02"), "Policy/Config/ADMX_WindowsExplorer");
    EXPECT_EQ(node_of_class("MDM_AssignedAccess"), "AssignedAccess");
    EXPECT_EQ(node_of_class("MDM_PassportForWork_Biometrics01"), "PassportForWork/Biometrics");
    EXPECT_EQ(node_of_class("MDM_Firewall_PublicProfile02"), "Firewall/MdmStore/PublicProfile");
}

TEST(WindowsBridgeClass, WhatANameDoesNotTellIsNotGuessed) {
    EXPECT_EQ(node_of_class("MDM_VPNv2_01"), std::nullopt);       // one of several
    EXPECT_EQ(node_of_class("MDM_VPNv2_Proxy02"), std::nullopt);  // below one of several
    EXPECT_EQ(node_of_class("MDM_Update_FailedUpdates01_01"), std::nullopt);
    EXPECT_EQ(node_of_class("MDM_Policy_User_Config01_Start02"), std::nullopt);  // a user's
    EXPECT_EQ(node_of_class("MDM_PassportForWork_Device_Policies02"), std::nullopt);
    EXPECT_EQ(node_of_class("MDM_DevDetail_Ext01"), std::nullopt);  // not below ./Vendor/MSFT
    EXPECT_EQ(node_of_class("MDM_BridgeMgmt_Transaction"), std::nullopt);
    EXPECT_EQ(node_of_class("MDM_"), std::nullopt);
    EXPECT_EQ(node_of_class("Win32_BIOS"), std::nullopt);
}

class WindowsBridgeTest : public ::testing::Test {
  protected:
    void serve(const std::string& nodes) { device_.set(place, "Serve", text_value(nodes)); }
    std::vector<std::string> uris() {
        const auto nodes = *bridge_.nodes();
        std::vector<std::string> all;
        for (const auto& node : nodes) all.push_back(node.uri);
        return all;
    }
    BridgeNode node(const std::string& uri) {
        const auto nodes = *bridge_.nodes();
        for (const auto& each : nodes) {
            if (each.uri == "./Device/Vendor/MSFT/" + uri) return each;
        }
        ADD_FAILURE() << uri << " is not served";
        return {};
    }

    test::PrivateRegistry device_;
    test::ScriptedBridge windows_;
    WindowsBridge bridge_{device_.registry(), windows_};
};

TEST_F(WindowsBridgeTest, NothingIsLetThroughWithoutItsAdministratorsWordAndNothingIsAskedFor) {
    EXPECT_TRUE(uris().empty());
    serve(" ; ");
    windows_.listed = 0;
    EXPECT_TRUE(uris().empty());
    device_.erase(place, "Serve");
    EXPECT_TRUE(uris().empty());
    EXPECT_EQ(windows_.listed, 1);  // of the blanks
}

TEST_F(WindowsBridgeTest, WhatIsNamedIsLetThroughWithWhatIsBelowIt) {
    serve("policy/config/camera; Firewall");
    EXPECT_EQ(uris(), (std::vector<std::string>{"./Device/Vendor/MSFT/Policy/Config/Camera",
                                                "./Device/Vendor/MSFT/Firewall/MdmStore/DomainProfile"}));
    serve("Policy/Config/Cam");
    EXPECT_TRUE(uris().empty());
    serve("*");
    EXPECT_EQ(uris().size(), 4U);
}

TEST_F(WindowsBridgeTest, EachPolicyIsASettingAndOtherwiseWhatWindowsSaysCanBeWritten) {
    serve("*");
    EXPECT_TRUE(node("Policy/Config/System").leaves[1].setting);
    const auto access = node("AssignedAccess");
    EXPECT_TRUE(access.leaves[0].setting);
    EXPECT_FALSE(access.leaves[1].setting);
}

TEST_F(WindowsBridgeTest, ASettingIsMadeReadBackAndTakenAway) {
    serve("*");
    const auto before = device_.state();
    const auto system = node("Policy/Config/System");
    EXPECT_TRUE(bridge_.read(system)->empty());
    ASSERT_TRUE(bridge_.write(system, {{"AllowTelemetry", "1"}, {"DisableSystemRestore", "<enabled/>"}}));
    const auto& row = windows_.rows.at("MDM_Policy_Config01_System02");
    EXPECT_EQ(std::get<std::string>(row.at("ParentID")), "./Vendor/MSFT/Policy/Config");
    EXPECT_EQ(std::get<std::string>(row.at("InstanceID")), "System");
    EXPECT_EQ(std::get<std::int64_t>(row.at("AllowTelemetry")), 1);
    EXPECT_EQ(std::get<std::string>(row.at("DisableSystemRestore")), "&lt;enabled/&gt;");
    EXPECT_EQ(*bridge_.read(system), (BridgeValues{{"AllowTelemetry", "1"}, {"DisableSystemRestore", "<enabled/>"}}));
    // The same again touches nothing.
    ASSERT_TRUE(bridge_.write(system, {{"AllowTelemetry", "1"}, {"DisableSystemRestore", "<enabled/>"}}));
    EXPECT_EQ(windows_.puts, 1);
    ASSERT_TRUE(bridge_.write(system, {{"AllowTelemetry", "0"}}));
    EXPECT_EQ(*bridge_.read(system), (BridgeValues{{"AllowTelemetry", "0"}}));
    ASSERT_TRUE(bridge_.write(system, {}));
    EXPECT_FALSE(windows_.rows.contains("MDM_Policy_Config01_System02"));
    EXPECT_EQ(device_.state(), before);
}

TEST_F(WindowsBridgeTest, WhatStoodThereBeforeUsReturnsAndWhatOthersSetMeanwhileStays) {
    serve("*");
    windows_.rows["MDM_Policy_Config01_System02"] = {{"ParentID", std::string("./Vendor/MSFT/Policy/Config")},
                                                     {"InstanceID", std::string("System")},
                                                     {"AllowTelemetry", std::int64_t{3}}};
    const auto system = node("Policy/Config/System");
    ASSERT_TRUE(bridge_.write(system, {{"AllowTelemetry", "1"}}));
    windows_.rows["MDM_Policy_Config01_System02"]["TelemetryProxy"] = std::string("proxy.example:8080");
    ASSERT_TRUE(bridge_.write(system, {{"AllowTelemetry", "0"}}));
    ASSERT_TRUE(bridge_.write(system, {}));
    EXPECT_EQ(*bridge_.read(system), (BridgeValues{{"AllowTelemetry", "3"}, {"TelemetryProxy", "proxy.example:8080"}}));
    EXPECT_EQ(windows_.erased, 0);
}

TEST_F(WindowsBridgeTest, ANodeThatIsAlwaysThereIsEmptiedAndNotDeleted) {
    serve("*");
    const auto access = node("AssignedAccess");
    ASSERT_TRUE(bridge_.write(access, {{"Configuration", "<a b=\"c&d\"/>"}}));
    EXPECT_EQ(bridge_.read(access)->at("Configuration"), "<a b=\"c&d\"/>");
    EXPECT_EQ(bridge_.read(access)->at("Status"), "none");
    ASSERT_TRUE(bridge_.write(access, {}));
    EXPECT_EQ(*bridge_.read(access), (BridgeValues{{"Status", "none"}}));
    EXPECT_EQ(windows_.erased, 0);
}

TEST_F(WindowsBridgeTest, ATextIsToldAsItIsMeantHoweverWindowsTellsIt) {
    serve("*");
    const auto access = node("AssignedAccess");
    windows_.rows["MDM_AssignedAccess"]["Configuration"] = std::string("&lt;a b=&quot;c&amp;amp;d&quot;/&gt;");
    EXPECT_EQ(bridge_.read(access)->at("Configuration"), "<a b=\"c&amp;d\"/>");
    windows_.rows["MDM_AssignedAccess"]["Configuration"] = std::string("<a>&lt;</a>");
    EXPECT_EQ(bridge_.read(access)->at("Configuration"), "<a>&lt;</a>");
    windows_.rows["MDM_AssignedAccess"]["Configuration"] = std::string("AT&amp;T");
    EXPECT_EQ(bridge_.read(access)->at("Configuration"), "AT&amp;T");
}

TEST_F(WindowsBridgeTest, SwitchedOffWhatIsSetCanStillBeGivenBack) {
    serve("Policy/Config/Camera");
    const auto camera = node("Policy/Config/Camera");
    ASSERT_TRUE(bridge_.write(camera, {{"AllowCamera", "0"}}));
    device_.erase(place, "Serve");
    EXPECT_EQ(uris(), std::vector<std::string>{"./Device/Vendor/MSFT/Policy/Config/Camera"});
    ASSERT_TRUE(bridge_.write(camera, {}));
    EXPECT_TRUE(uris().empty());
}

TEST_F(WindowsBridgeTest, ARefusalLeavesWhatStoodThere) {
    serve("*");
    const auto before = device_.state();
    const auto camera = node("Policy/Config/Camera");
    windows_.next_put = Error{Fault::denied, "Windows Management Instrumentation did not answer.", "0x80041003"};
    EXPECT_EQ(bridge_.write(camera, {{"AllowCamera", "0"}}).error().fault, Fault::denied);
    EXPECT_TRUE(bridge_.read(camera)->empty());
    EXPECT_EQ(device_.state(), before);
    EXPECT_EQ(bridge_.write(camera, {{"AllowCamera", "4294967295"}}).error().fault, Fault::invalid);
    EXPECT_EQ(device_.state(), before);
}

TEST_F(WindowsBridgeTest, AWindowsWithoutABridgeSaysSo) {
    serve("*");
    const auto camera = node("Policy/Config/Camera");
    windows_.trouble = Error{Fault::unsupported, "Windows Management Instrumentation did not answer.", "0x8004100e"};
    EXPECT_EQ(bridge_.nodes().error().fault, Fault::unsupported);
    EXPECT_EQ(bridge_.read(camera).error().fault, Fault::unsupported);
    EXPECT_EQ(bridge_.write(camera, {{"AllowCamera", "0"}}).error().fault, Fault::unsupported);
    EXPECT_EQ(device_.text(place + R"(\Before\Policy/Config/Camera)", "AllowCamera"), std::nullopt);
}

// Whatever call to the registry fails, what stood there before us is not forgotten while ours is in force.
TEST_F(WindowsBridgeTest, WhicheverNoteFailsTheOldValueIsStillKnown) {
    serve("*");
    for (int nth = 1;; ++nth) {
        windows_.rows["MDM_Policy_Config01_Camera02"] = {{"ParentID", std::string("./Vendor/MSFT/Policy/Config")},
                                                         {"InstanceID", std::string("Camera")},
                                                         {"AllowCamera", std::int64_t{1}}};
        const auto camera = node("Policy/Config/Camera");
        device_.calls().fail(nth);
        const auto written = bridge_.write(camera, {{"AllowCamera", "0"}});
        const bool reached = device_.calls().failed();
        device_.calls().fail(0);
        EXPECT_TRUE(written || reached);
        if (bridge_.read(camera)->at("AllowCamera") == "0") {
            EXPECT_EQ(device_.text(place + R"(\Before\Policy/Config/Camera)", "AllowCamera"), "=1") << nth;
        }
        ASSERT_TRUE(bridge_.write(camera, {{"AllowCamera", "0"}}));
        ASSERT_TRUE(bridge_.write(camera, {}));
        EXPECT_EQ(bridge_.read(camera)->at("AllowCamera"), "1") << nth;
        if (!reached) break;
    }
}

}  // namespace
}  // namespace steward::platform
