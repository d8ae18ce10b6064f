// Several managers of one device.
#include <gtest/gtest.h>

#include "tests/tree/device.h"

namespace steward::tree {
namespace {

using State = Answer::State;

TEST(Authorities, AUT_14_TheMostSecureValueWinsAndLeavesWithItsOwner) {
    Device device;
    EXPECT_EQ(device.one(replace(lock_uri + "Length", "8"), "corp").state, State::done);
    EXPECT_EQ(device.one(add(lock_uri + "Length", "12"), "sec").state, State::done);  // own row: nothing is there yet
    EXPECT_EQ(device.lock.managed.length, 12);
    EXPECT_EQ(device.one(replace(lock_uri + "Length", "8"), "corp").state, State::done);
    EXPECT_EQ(device.lock.managed.length, 12);
    ASSERT_TRUE(device.tree->release("sec"));
    EXPECT_EQ(device.lock.managed.length, 8);
    ASSERT_TRUE(device.tree->release("corp"));
    EXPECT_EQ(device.lock.managed.length, std::nullopt);
    EXPECT_EQ(device.data(lock_result + "Length"), "8");
    EXPECT_TRUE(device.policies->originals().empty());
    EXPECT_TRUE(device.tree->leftovers().empty());
}

TEST(Authorities, LastWriteWinsWhereNothingElseIsDeclared) {
    Device device;
    (void)device.one(replace(lock_uri + "Banner", "one"), "corp");
    (void)device.one(replace(lock_uri + "Banner", "two"), "sec");
    EXPECT_EQ(device.lock.managed.banner, "two");
    (void)device.one(replace(lock_uri + "Banner", "three"), "corp");
    EXPECT_EQ(device.lock.managed.banner, "three");
    EXPECT_EQ(device.one(erase(lock_uri + "Banner"), "corp").state, State::done);
    EXPECT_EQ(device.lock.managed.banner, "two");
}

TEST(Authorities, AUT_14_EachSeesOnlyItsOwnInstances) {
    Device device;
    (void)device.one(add("./Vendor2/Account/a/Name", "A"), "corp");
    (void)device.one(add("./Vendor2/Account/b/Name", "B"), "sec");
    EXPECT_EQ(device.data("./Vendor2/Account", "corp"), "a");
    EXPECT_EQ(device.data("./Vendor2/Account", "sec"), "b");
    EXPECT_EQ(device.data("./Vendor2/Account", local_authority), "a/b");
    EXPECT_EQ(device.get("./Vendor2/Account/b/Name", "corp").error.fault, Fault::denied);
    EXPECT_EQ(device.one(replace("./Vendor2/Account/b/Name", "x"), "corp").error.fault, Fault::denied);
    EXPECT_EQ(device.one(erase("./Vendor2/Account/b"), "corp").error.fault, Fault::denied);
}

TEST(Authorities, SettingOfAnotherIsNotThereToBeRead) {
    Device device;
    (void)device.one(replace(lock_uri + "Length", "9"), "corp");
    EXPECT_EQ(device.get(lock_uri + "Length", "sec").error.fault, Fault::not_found);
    EXPECT_EQ(device.data(lock_uri + "Length", local_authority), "9");
}

TEST(Authorities, WhyNamesWhoWantsWhat) {
    Device device;
    (void)device.one(replace(lock_uri + "Length", "9"), "corp");
    (void)device.one(add(lock_uri + "Length", "12"), "sec");
    const auto why = device.tree->why(lock_uri + "Length");
    ASSERT_TRUE(why);
    EXPECT_EQ(why->device, "12");
    EXPECT_EQ(why->effective, "12");
    ASSERT_EQ(why->wishes.size(), 2u);
    EXPECT_FALSE(why->wishes[0].wins);
    EXPECT_TRUE(why->wishes[1].wins);
    ASSERT_TRUE(why->original);
    EXPECT_EQ(why->original->data, "8");
}

}  // namespace
}  // namespace steward::tree
