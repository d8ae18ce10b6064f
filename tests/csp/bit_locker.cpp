// BitLocker on a device in memory: what is asked, what is, and what the status says of the difference.
#include <gtest/gtest.h>

#include <algorithm>

#include "agent/tree/tree.h"
#include "csp/admx_value.h"
#include "csp/contents.h"
#include "csp/drive_methods.h"
#include "tests/support/memory_host.h"

namespace steward::csp {
namespace {

using platform::Drive;
using platform::Judgement;
using platform::Method;

constexpr char methods_7_7_4[] =
    "<enabled/><data id=\"EncryptionMethodWithXtsOsDropDown_Name\" value=\"7\"/>"
    "<data id=\"EncryptionMethodWithXtsFdvDropDown_Name\" value=\"7\"/>"
    "<data id=\"EncryptionMethodWithXtsRdvDropDown_Name\" value=\"4\"/>";

class BitLocker : public ::testing::Test {
  protected:
    const Node* node(std::string_view path) const {
        for (const auto& csp : csps_) {
            if (csp.root() != "./Device/Vendor/MSFT/BitLocker") continue;
            const Node* at = &csp.node();
            while (at != nullptr && !path.empty()) {
                const auto cut = std::min(path.find('/'), path.size());
                at = at->child(path.substr(0, cut));
                path.remove_prefix(std::min(cut + 1, path.size()));
            }
            return at;
        }
        return nullptr;
    }
    std::string live(std::string_view path) const {
        const auto read = std::get<Live>(node(path)->binding).read({});
        return read ? *read : "fault";
    }
    Result<Done> exec(std::string_view path, const Keys& keys, std::string_view argument = {}) const {
        return std::get<Action>(node(path)->binding).run(keys, argument);
    }
    void add(const std::string& key, Drive drive, Judgement judgement, const std::string& reason = "So it is.") {
        platform::Volume volume;
        volume.drive = drive;
        volume.judgement = judgement;
        volume.reason = reason;
        memory_.volumes.rows[key] = volume;
    }
    std::string status() const { return live("Status/DeviceEncryptionStatus"); }

    test::MemoryHost memory_;
    std::vector<Csp> csps_ = contents(memory_.host);
};

TEST_F(BitLocker, AMessageLooksAtTheDisksOnceHoweverMuchItAsks) {
    add("/", Drive::system, Judgement::encrypted);
    add("/home", Drive::fixed, Judgement::open);
    store::Policies policies(memory_.clock);
    store::Actions actions(memory_.clock);
    tree::Tree tree(contents(memory_.host), policies, actions);
    const std::string volumes = "./Device/Vendor/MSFT/BitLocker/Steward/Volumes";
    const auto get = [](const std::string& uri) { return tree::Operation{tree::Verb::get, uri, {}, {}, {}, {}}; };
    const std::vector<tree::Operation> operations = {
        get(volumes), get(volumes + "/%2F/Judgement"), get(volumes + "/%2Fhome/Judgement"),
        get(volumes + "/%2Fhome/Reason"), get(volumes + "?list=StructData")};
    memory_.volumes.looks = 0;
    auto answers = tree.run({"corp", "1"}, operations);
    EXPECT_EQ(answers[2].found.front().data, "open");
    EXPECT_EQ(answers[4].found.size(), 9U) << "the list, two rows, three leaves each";
    EXPECT_EQ(memory_.volumes.looks, 1);
    memory_.volumes.rows.at("/home").judgement = Judgement::encrypted;
    answers = tree.run({"corp", "1"}, operations);
    EXPECT_EQ(answers[2].found.front().data, "encrypted") << "the next one looks again";
    EXPECT_EQ(memory_.volumes.looks, 2);
}

TEST_F(BitLocker, StatusSaysWhatIsMissing) {
    add("/srv", Drive::fixed, Judgement::open);
    EXPECT_EQ(status(), "0") << "nothing is asked";
    memory_.encryption.device.required = true;
    EXPECT_EQ(status(), "512");
    add("/srv", Drive::fixed, Judgement::exempt);
    add("/boot", Drive::boot, Judgement::exempt);
    add("/media/stick", Drive::removable, Judgement::open);
    EXPECT_EQ(status(), "0");
    add("swap:/dev/sda2", Drive::swap, Judgement::unknown);
    EXPECT_EQ(status(), "512") << "unknown is not good enough";
    add("/", Drive::system, Judgement::open, "No layer encrypts.");
    EXPECT_EQ(status(), "516");
    EXPECT_NE(live("Status/Steward/Reasons").find("/: No layer encrypts."), std::string::npos);
    memory_.volumes.rows.clear();
    EXPECT_EQ(status(), "4") << "a system that can't be found is not encrypted";
}

TEST_F(BitLocker, CiphersAreJudgedByKindOfDrive) {
    memory_.encryption.device.methods =
        platform::DriveMethods{false, Method::xts_aes_128, Method::xts_aes_256, Method::aes_cbc_128};
    EXPECT_EQ(status(), "2");
    memory_.encryption.device.methods->system = Method::xts_aes_256;
    EXPECT_EQ(status(), "0");
    add("/srv", Drive::fixed, Judgement::encrypted);
    add("/media/stick", Drive::removable, Judgement::encrypted);
    EXPECT_EQ(status(), "1024") << "a cipher that can't be read is not the one that was asked for";
    EXPECT_EQ(live("Status/RemovableDrivesEncryptionStatus"), "1");
    memory_.encryption.device.methods->any = true;
    EXPECT_EQ(status(), "0");
    EXPECT_EQ(live("Status/RemovableDrivesEncryptionStatus"), "0");
}

TEST_F(BitLocker, ARotationIsAskedForAndItsEndTold) {
    EXPECT_EQ(live("Status/RotateRecoveryPasswordsStatus"), "2");
    ASSERT_TRUE(exec("RotateRecoveryPasswords", {}, "id-7"));
    EXPECT_EQ(live("Status/RotateRecoveryPasswordsStatus"), "0");
    EXPECT_EQ(live("Status/RotateRecoveryPasswordsRequestID"), "id-7");
    memory_.escrow.next = Error{Fault::unsupported, "There is no key file.", ""};
    EXPECT_EQ(exec("RotateRecoveryPasswords", {}, "id-8").error().fault, Fault::unsupported);
    EXPECT_EQ(live("Status/RotateRecoveryPasswordsStatus"), "-2147467259");
    EXPECT_EQ(status(), "256");
    EXPECT_EQ(exec("RotateRecoveryPasswords", {}, std::string(129, 'x')).error().fault, Fault::invalid);
    ASSERT_TRUE(exec("Steward/RecoveryKeys/ab12/Received", {"ab12"}));
    EXPECT_EQ(memory_.escrow.acknowledged, std::vector<std::string>{"ab12"});
}

TEST_F(BitLocker, WhatIsAskedIsReadBackAsOneText) {
    const auto* wanted = node("EncryptionMethodByDriveType");
    ASSERT_NE(wanted, nullptr);
    const auto& field = std::get<OfState>(wanted->binding);
    const std::string loose =
        " <enabled />\n <data value=\'4\' id=\"EncryptionMethodWithXtsRdvDropDown_Name\" />"
        "<data id=\"EncryptionMethodWithXtsOsDropDown_Name\" value=\"7\"/>"
        "<data id=\"EncryptionMethodWithXtsFdvDropDown_Name\" value=\"7\"/>\n";
    Values values(field.state->read("")->size());
    values[field.index] = loose;
    ASSERT_TRUE(field.state->write("", values));
    EXPECT_EQ((*field.state->read(""))[field.index], methods_7_7_4);
    EXPECT_EQ(wanted->reads_as(loose), methods_7_7_4);
    EXPECT_EQ(wanted->reads_as("<disabled />"), "<disabled/>");
    values[field.index] = "<disabled/>";
    ASSERT_TRUE(field.state->write("", values));
    EXPECT_EQ((*field.state->read(""))[field.index], "<disabled/>");
    values[field.index].reset();
    ASSERT_TRUE(field.state->write("", values));
    EXPECT_EQ((*field.state->read(""))[field.index], std::nullopt);
}

TEST(AdmxValue, WhatIsNotOneIsRefused) {
    EXPECT_TRUE(is_drive_methods(methods_7_7_4));
    for (const std::string text :
         {"", "enabled", "<enabled>", "<enabled/>", "<enabled/><disabled/>", "<disabled/><data id=\"a\" value=\"b\"/>",
          "<enabled/><data id=\"a\" value=\"b\"/><data id=\"a\" value=\"c\"/>", "<enabled/><data id=\"a\"/>",
          "<enabled/><data id=\"a\" id=\"b\"/>", "<enabled/><data id=\"a\" value=\"b", "<enabled/>x",
          "<enabled/><data id=\"&evil;\" value=\"b\"/>", "<enabled/><data id=\"a<b\" value=\"c\"/>"}) {
        EXPECT_FALSE(is_drive_methods(text)) << text;
    }
    std::string wrong = methods_7_7_4;
    wrong.replace(wrong.find("\"4\""), 3, "\"5\"");
    EXPECT_FALSE(is_drive_methods(wrong)) << "there is no method 5";
    EXPECT_FALSE(parse_admx("<enabled/>" + std::string(20000, ' ')));
    const auto value = parse_admx("<enabled/><data id=\"a\" value=\"&lt;&amp;&quot;\"/>");
    ASSERT_TRUE(value);
    EXPECT_EQ(value->data.at("a"), "<&\"");
}

}  // namespace
}  // namespace steward::csp
