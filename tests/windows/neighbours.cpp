// Who else manages this Windows, as its own management writes it down.
#include "platform/windows/neighbours.h"

#include <gtest/gtest.h>

#include "tests/windows/private_registry.h"

namespace steward::platform {
namespace {

using test::FailingRegistry;

const std::string enrolments = R"(SOFTWARE\Microsoft\Enrollments\)";
const std::string policies = R"(SOFTWARE\Microsoft\PolicyManager\current\device\)";

class WindowsNeighbours : public ::testing::Test {
  protected:
    test::PrivateRegistry device_;

    void enrol(const std::string& guid, const std::string& name, const std::string& server, std::uint32_t state) {
        device_.set(enrolments + guid, "ProviderID", text_value(name));
        device_.set(enrolments + guid, "EnrollmentState", dword(state));
        device_.set(enrolments + guid, "EnrollmentType", dword(6));
        if (!server.empty()) device_.set(enrolments + guid, "DiscoveryServiceFullURL", text_value(server));
    }
    void policy(const std::string& area, const std::string& name, const std::string& winner) {
        device_.set(policies + area, name, dword(8));
        device_.set(policies + area, name + "_ProviderSet", dword(1));
        device_.set(policies + area, name + "_WinningProvider", text_value(winner));
    }
    Neighbours all() { return *neighbours_in(device_.registry()); }
};

TEST_F(WindowsNeighbours, ADeviceOfNobodyHasNone) {
    EXPECT_TRUE(all().all.empty());
    EXPECT_EQ(all().tenant, "");
}

TEST_F(WindowsNeighbours, AnEnrolmentIsToldWithWhatItHasSet) {
    enrol("AAAA-1", "MS DM Server", "https://enrol.corp.example/discovery", 1);
    device_.set(enrolments + "AAAA-1", "UPN", text_value("anna@corp.example"));
    policy("Update", "AllowAutoUpdate", "{aaaa-1}");
    policy("DeviceLock", "MinDevicePasswordLength", "AAAA-1");
    device_.set(policies + "DeviceLock", "MaxInactivityTimeDeviceLock", dword(5));  // of nobody: a default
    policy("DeviceLock", "DevicePasswordHistory", "AAAA-1");
    device_.set(policies + "DeviceLock", "DevicePasswordHistory_ProviderSet", dword(0));  // no longer
    const auto found = all();
    ASSERT_EQ(found.all.size(), 1U);
    EXPECT_EQ(found.all[0].name, "MS DM Server");
    EXPECT_EQ(found.all[0].server, "https://enrol.corp.example/discovery");
    EXPECT_EQ(found.all[0].person, "anna@corp.example");
    EXPECT_EQ(found.all[0].kind, "6");
    EXPECT_EQ(found.all[0].policies,
              (std::vector<std::string>{"DeviceLock/MinDevicePasswordLength", "Update/AllowAutoUpdate"}));
}

TEST_F(WindowsNeighbours, WindowsOwnAccountsAndFormerEnrolmentsAreNone) {
    enrol("AAAA-1", "Local Authority", "", 1);
    enrol("AAAA-2", "Deploy Authority", "https://windows.example", 1);
    enrol("AAAA-3", "Former", "https://former.example", 0);
    enrol("AAAA-4", "Without a server", "", 1);
    enrol("AAAA-5", "WMI_Bridge_SCCM_Server", "", 1);
    device_.set(enrolments + "Context", "Something", dword(1));
    EXPECT_TRUE(all().all.empty());
}

TEST_F(WindowsNeighbours, WhoHasSetSomethingCountsWithoutAnEnrolment) {
    enrol("AAAA-1", "WMI_Bridge_SCCM_Server", "", 1);
    policy("Camera", "AllowCamera", "AAAA-1");
    policy("Start", "ConfigureStartPins", "B5292708-1619-419B-9923-E5D9F3925E71");
    const auto found = all();
    ASSERT_EQ(found.all.size(), 2U);
    EXPECT_EQ(found.all[0].name, "WMI_Bridge_SCCM_Server");
    EXPECT_EQ(found.all[0].policies, std::vector<std::string>{"Camera/AllowCamera"});
    EXPECT_EQ(found.all[1].name, "B5292708-1619-419B-9923-E5D9F3925E71");
    EXPECT_EQ(found.all[1].policies, std::vector<std::string>{"Start/ConfigureStartPins"});
}

TEST_F(WindowsNeighbours, WhatWeSetThroughTheBridgeIsNoNeighbours) {
    enrol("AAAA-1", "WMI_Bridge_Server", "", 1);
    policy("Camera", "AllowCamera", "AAAA-1");
    device_.set(R"(SOFTWARE\Steward\Bridge\Before\Policy/Config/Camera)", "AllowCamera", text_value(""));
    EXPECT_TRUE(all().all.empty());
    // An enrolment's word is its own, whatever we have set meanwhile.
    enrol("AAAA-1", "MS DM Server", "https://enrol.corp.example", 1);
    ASSERT_EQ(all().all.size(), 1U);
    EXPECT_EQ(all().all[0].policies, std::vector<std::string>{"Camera/AllowCamera"});
}

TEST_F(WindowsNeighbours, TheDirectoryThatTheDeviceHasJoinedIsTold) {
    device_.set(R"(SYSTEM\CurrentControlSet\Control\CloudDomainJoin\JoinInfo\0011)", "TenantId", text_value("tenant"));
    EXPECT_EQ(all().tenant, "tenant");
}

// Not knowing is said, as otherwise another's setting would be taken for nobody's.
TEST_F(WindowsNeighbours, ARegistryThatCannotBeListedIsAnError) {
    enrol("AAAA-1", "MS DM Server", "https://enrol.corp.example", 1);
    device_.calls().fail(1, FailingRegistry::Then::dead);
    EXPECT_FALSE(neighbours_in(device_.registry()));
}

}  // namespace
}  // namespace steward::platform
