#include "platform/private_file.h"

#include <gtest/gtest.h>

#include "platform/windows/access.h"
#include "tests/support/temporary_directory.h"

namespace steward::platform {
namespace {

TEST(WindowsPrivateFiles, ADirectoryComesWithAllAboveItAndIsUsable) {
    const test::TemporaryDirectory place;
    const auto path = place.below("a/b/c").string();
    ASSERT_TRUE(make_private_directory(path));
    EXPECT_TRUE(make_private_directory(path)) << "one that is there stays";
    EXPECT_TRUE(place.has("a/b/c"));
    ASSERT_TRUE(make_private_file(path + "/file"));
    place.write("a/b/c/file", "content");
    ASSERT_TRUE(make_private_file(path + "/file"));
    EXPECT_EQ(place.read("a/b/c/file"), "content");
}

TEST(WindowsPrivateFiles, AFileInTheWayIsNoDirectory) {
    const test::TemporaryDirectory place;
    place.write("a", "x");
    EXPECT_EQ(make_private_directory(place.below("a").string()).error().fault, Fault::denied);
    EXPECT_EQ(make_private_directory(place.below("a/b").string()).error().fault, Fault::denied);
}

TEST(WindowsPrivateFiles, ALockIsHeldByOneAndGivenBack) {
    const test::TemporaryDirectory place;
    const auto path = place.below("lock").string();
    auto first = lock_file(path);
    ASSERT_TRUE(first) << first.error().what << first.error().evidence;
    EXPECT_EQ(lock_file(path).error().fault, Fault::busy);
    first->reset();
    EXPECT_TRUE(lock_file(path));
    EXPECT_EQ(lock_file(place.below("no/such").string()).error().fault, Fault::denied);
}

TEST(WindowsPrivateFiles, OnlyTheSystemAndAdministratorsAndOneselfAreTrustedWithThem) {
    EXPECT_TRUE(may_own_private(L"S-1-5-18"));
    EXPECT_TRUE(may_own_private(L"S-1-5-32-544"));
    EXPECT_TRUE(may_own_private(own_user()));
    EXPECT_FALSE(may_own_private(L"S-1-5-21-1-2-3-1999"));
    EXPECT_FALSE(may_own_private(std::wstring()));
    EXPECT_TRUE(private_access(true).starts_with(L"D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)"));
}

}  // namespace
}  // namespace steward::platform
