#include "platform/private_file.h"

#include <windows.h>

#include <aclapi.h>
#include <gtest/gtest.h>

#include <thread>

#include "platform/windows/access.h"
#include "platform/windows/handle.h"
#include "platform/windows/wide.h"
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

TEST(WindowsPrivateFiles, RightsThatLetOthersInAreSeen) {
    const auto open = [](const std::wstring& sddl) { return open_to_others(Descriptor(sddl).rights()); };
    EXPECT_FALSE(open(private_access(true)));
    EXPECT_FALSE(open(private_access(false)));
    EXPECT_FALSE(open(L"D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICIIO;GA;;;CO)(A;;FR;;;OW)"));
    EXPECT_FALSE(open(L"D:(D;;FA;;;WD)(A;;FA;;;SY)"));
    EXPECT_FALSE(open(L"D:P")) << "nobody at all";
    EXPECT_TRUE(open(L"D:(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICIID;0x1200a9;;;BU)")) << "as ProgramData has it";
    EXPECT_TRUE(open(L"D:(A;;FR;;;WD)"));
    EXPECT_TRUE(open(L"D:(A;;FR;;;S-1-5-21-1-2-3-1999)"));
    EXPECT_TRUE(open(L"O:SY")) << "no list at all is everybody's";
}

TEST(WindowsPrivateFiles, ADirectoryThatWasOpenToOthersIsClosedWithWhatIsInIt) {
    const test::TemporaryDirectory place;
    const auto path = place.below("state").string();
    place.write("state/device-id", "x");
    const auto file = path + "\\device-id";
    const auto open_up = [&](const std::string& what) {
        Descriptor everybody(L"D:P(A;;FA;;;WD)");
        return ::SetFileSecurityW(wide_path(what).c_str(), DACL_SECURITY_INFORMATION,
                                  everybody.attributes()->lpSecurityDescriptor) != FALSE;
    };
    const auto open = [&](const std::string& what) {
        ACL* rights = nullptr;
        PSECURITY_DESCRIPTOR descriptor = nullptr;
        auto name = wide_path(what);
        (void)::GetNamedSecurityInfoW(name.data(), SE_FILE_OBJECT, DACL_SECURITY_INFORMATION, nullptr, nullptr, &rights,
                                      nullptr, &descriptor);
        const bool is_open = open_to_others(rights);
        ::LocalFree(descriptor);
        return is_open;
    };
    ASSERT_TRUE(open_up(path) && open_up(file));
    ASSERT_TRUE(open(path) && open(file));
    const auto made = make_private_directory(path);
    ASSERT_TRUE(made) << made.error().what << made.error().evidence;
    EXPECT_FALSE(open(path));
    EXPECT_FALSE(open(file));
    EXPECT_EQ(place.read("state/device-id"), "x");
}

// As the call that makes a directory has it, in another process that was faster.
TEST(WindowsPrivateFiles, ADirectoryThatSomebodyHoldsForAMomentIsWaitedFor) {
    const test::TemporaryDirectory place;
    const auto path = place.below("state").string();
    ASSERT_TRUE(make_private_directory(path));
    const auto hold = [&] {
        return Handle(::CreateFileW(wide_path(path).c_str(), FILE_LIST_DIRECTORY, FILE_SHARE_READ, nullptr,
                                    OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, nullptr));
    };
    auto held = hold();
    ASSERT_TRUE(held.open());
    const Handle other(::CreateFileW(wide_path(path).c_str(), FILE_ADD_FILE,
                                     FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr, OPEN_EXISTING,
                                     FILE_FLAG_BACKUP_SEMANTICS, nullptr));
    EXPECT_FALSE(other.open()) << "or nothing is tried here";
    std::thread later([&] {
        ::Sleep(100);
        held.close();
    });
    EXPECT_TRUE(make_private_directory(path));
    later.join();
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
