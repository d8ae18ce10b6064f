// The CSPs of this build over a host in memory and over a private root: their fields reach the device and come back.
#include "csp/contents.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "platform/base/text.h"
#include "tests/csp/device_lock.h"
#include "tests/support/memory_host.h"
#include "tests/support/temporary_directory.h"

namespace steward::csp {
namespace {

using platform::PasswordRules;

class ContentsTest : public ::testing::Test {
  protected:
    const Node* find(std::string_view root, std::string_view path) const {
        const auto csp = std::find_if(csps_.begin(), csps_.end(), [&](const Csp& each) { return each.root() == root; });
        if (csp == csps_.end()) return nullptr;
        const Node* node = &csp->node();
        if (path.empty()) return node;
        for (const auto part : split(path, '/')) {
            if (node != nullptr) node = node->child(part);
        }
        return node;
    }
    std::string read(std::string_view root, std::string_view path, const std::string& key = {}) const {
        const auto* node = find(root, path);
        if (node == nullptr) return "no node";
        if (const auto* live = std::get_if<Live>(&node->binding)) {
            const auto value = live->read({});
            return value ? *value : "fault";
        }
        const auto* field = std::get_if<OfState>(&node->binding);
        if (field == nullptr) return "no value";
        const auto values = field->state->read(key);
        return values ? (*values)[field->index].value_or("unknown") : "fault";
    }

    test::MemoryHost memory_;
    std::vector<Csp> csps_ = contents(memory_.host);
};

TEST_F(ContentsTest, TheIdentityIsTold) {
    EXPECT_EQ(read("./DevInfo", "DevId"), "4f1c2d3e4b5a69788796a5b4c3d2e1f0");
    EXPECT_EQ(read("./DevInfo", "Man"), "LENOVO");
    EXPECT_EQ(read("./DevInfo", "DmV"), "1.3");
    EXPECT_EQ(read("./DevInfo", "lang"), "de-DE");
    EXPECT_EQ(read("./DevDetail", "LrgObj"), "true");
    EXPECT_EQ(read("./DevDetail", "Ext/Microsoft/TotalRAM"), "15719");
    EXPECT_EQ(read("./DevDetail", "Ext/WLANMACAddress"), "a4:34:d9:01:02:03");
    EXPECT_EQ(read("./DevDetail", "Ext/WlanIPv4Address"), "192.0.2.7");
    EXPECT_EQ(read("./Device/Vendor/MSFT/DeviceStatus", "SecureBootState"), "1");
    EXPECT_EQ(read("./Device/Vendor/MSFT/DeviceStatus", "Compliance/EncryptionCompliance"), "true");
    EXPECT_EQ(read("./Device/Vendor/MSFT/DeviceStatus", "NetworkIdentifiers/x/Type", "a4:34:d9:01:02:03"), "2");
}

TEST_F(ContentsTest, AnUnknownFactIsAWordOrUnknown) {
    memory_.identity.device = {};
    memory_.health.device = {};
    memory_.adapters.rows.clear();
    EXPECT_EQ(read("./DevInfo", "Man"), "Unknown");
    EXPECT_EQ(read("./DevInfo", "Mod"), "Unknown");
    EXPECT_EQ(read("./DevInfo", "DevId"), "unknown");
    EXPECT_EQ(read("./DevDetail", "FwV"), "unknown");
    EXPECT_EQ(read("./Device/Vendor/MSFT/DeviceStatus", "TPM/SpecificationVersion"), "Not available");
    EXPECT_EQ(read("./Device/Vendor/MSFT/DeviceStatus", "Antivirus/Status"), "unknown");
    EXPECT_EQ(read("./DevDetail", "Ext/WLANMACAddress"), "fault");
}

TEST_F(ContentsTest, AnInventoryCanNotBeWritten) {
    const auto* adapters = find("./Device/Vendor/MSFT/DeviceStatus", "NetworkIdentifiers/x");
    ASSERT_NE(adapters, nullptr);
    EXPECT_EQ(adapters->access, can_get);
}

TEST_F(ContentsTest, AccountsBelongToTheirServersAndKeepTheirSecrets) {
    const auto* account = find("./SyncML/DMAcc", "any");
    ASSERT_NE(account, nullptr);
    EXPECT_TRUE(account->own);
    const auto* secret = find("./SyncML/DMAcc", "any/AppAuth/CLCRED/AAuthSecret");
    ASSERT_NE(secret, nullptr);
    EXPECT_TRUE(secret->secret);
    EXPECT_EQ(secret->access & can_get, 0);
    const auto* proxy = find("./SyncML/DMAcc", "any/Ext/Steward/Proxy");
    ASSERT_NE(proxy, nullptr);
    EXPECT_EQ(proxy->access, can_get);
    EXPECT_TRUE(find("./Device/Vendor/MSFT/DMClient", "Provider/any")->own);
    EXPECT_NE(find("./User/Vendor/MSFT/DMClient", "Provider/any/FirstSyncStatus/IsSyncDone"), nullptr);
}

TEST_F(ContentsTest, EveryLeafHasSomethingBehindIt) {
    const std::function<void(const Node&, const std::string&)> look = [&](const Node& node, const std::string& path) {
        EXPECT_FALSE(node.about.empty() && !node.interior()) << path;
        EXPECT_EQ(node.interior(), std::holds_alternative<Interior>(node.binding)) << path;
        EXPECT_TRUE(node.interior() || node.children.empty()) << path;
        EXPECT_TRUE(!node.otherwise || canonical(node.format, node.allowed, *node.otherwise)) << path;
        for (const auto& child : node.children) look(child, path + "/" + child.name);
    };
    for (const auto& csp : csps_) {
        EXPECT_FALSE(csp.node().about.empty()) << csp.root();
        look(csp.node(), csp.root());
    }
}

TEST_F(ContentsTest, EachRuleOfDeviceLockWorksAloneInMemory) {
    for (const auto& each : settings) EXPECT_EQ(alone(csps_, each.name, each.value), each.device) << each.name;
}

TEST_F(ContentsTest, WhatTheDeviceSaysIsWhatReadsAsExpects) {
    for (const auto& each : settings) {
        const auto* node = find(device_lock, each.name);
        if (node == nullptr || std::string_view(each.device) == "refused") continue;
        const std::string said = node->reads_as ? node->reads_as(each.value) : each.value;
        EXPECT_TRUE(same_value(node->format, said, each.device)) << each.name << ": " << said;
    }
}

TEST_F(ContentsTest, OfTwoNamesOfOneRuleTheStricterHolds) {
    const auto* eas = find(device_lock, "MinDevicePasswordLength");
    const auto* local = find(device_lock, "MinimumPasswordLength");
    const auto* expiry = find(device_lock, "DevicePasswordExpiration");
    const auto* age = find(device_lock, "MaximumPasswordAge");
    ASSERT_TRUE(eas != nullptr && local != nullptr && expiry != nullptr && age != nullptr);
    auto& state = *std::get<OfState>(eas->binding).state;
    const auto index = [](const Node* node) { return std::get<OfState>(node->binding).index; };
    Values values(find(device_lock, "")->children.size());
    values[index(eas)] = "10";
    values[index(local)] = "14";
    values[index(expiry)] = "0";
    values[index(age)] = "60";
    ASSERT_TRUE(state.write("", values));
    EXPECT_EQ(memory_.passwords.read()->min_length, 14);
    EXPECT_EQ(memory_.passwords.read()->expiration_days, 60);
    values[index(local)].reset();
    ASSERT_TRUE(state.write("", values));
    EXPECT_EQ(memory_.passwords.read()->min_length, 10);
}

TEST_F(ContentsTest, ARestartAndALockAreCarriedOutOrSaidToHaveFailed) {
    const auto run = [&](std::string_view root, std::string_view path) {
        const auto* node = find(root, path);
        return std::get<Action>(node->binding).run({}, "");
    };
    constexpr char reboot[] = "./Device/Vendor/MSFT/Reboot", lock[] = "./Device/Vendor/MSFT/RemoteLock";
    memory_.clock.time = Instant(std::chrono::hours(1000));
    ASSERT_TRUE(run(reboot, "RebootNow"));
    EXPECT_EQ(memory_.power.planned, memory_.clock.time + std::chrono::minutes(5));
    memory_.power.next = Error{Fault::denied, "No.", ""};
    EXPECT_EQ(run(reboot, "RebootNow").error().fault, Fault::denied);
    ASSERT_TRUE(run(lock, "Lock"));
    EXPECT_EQ(memory_.screens.locked, 1);
    memory_.screens.next = Error{Fault::unsupported, "A text login stays open.", ""};
    EXPECT_EQ(run(lock, "Lock").error().fault, Fault::unsupported);
}

TEST_F(ContentsTest, TheResultSideIsReadOnly) {
    const auto result = result_side(
        *std::find_if(csps_.begin(), csps_.end(), [](const Csp& csp) { return csp.root() == device_lock; }));
    ASSERT_TRUE(result);
    EXPECT_EQ(result->root(), "./Device/Vendor/MSFT/Policy/Result/DeviceLock");
    for (const auto& node : result->node().children) {
        EXPECT_EQ(node.access, can_get) << node.name;
        EXPECT_FALSE(std::get<OfState>(node.binding).managed) << node.name;
    }
}

}  // namespace
}  // namespace steward::csp
