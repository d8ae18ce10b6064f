#include "platform/linux/files.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "tests/support/snapshot.h"
#include "tests/support/temporary_directory.h"

namespace steward::platform {
namespace {

using test::TemporaryDirectory;

class FilesTest : public ::testing::Test {
  protected:
    TemporaryDirectory root_;
    Files files_{root_.path()};
};

TEST_F(FilesTest, ReadsWhatIsThere) {
    root_.write("/etc/name", "value\n");
    auto text = files_.read("/etc/name");
    ASSERT_TRUE(text);
    EXPECT_EQ(*text, "value\n");
    EXPECT_EQ(files_.fact("/etc/name"), "value");
}

TEST_F(FilesTest, ToldApartAreMissingAndUnreadable) {
    root_.write("/etc/file", "x");
    EXPECT_EQ(files_.read("/etc/none").error().fault, Fault::not_found);
    EXPECT_EQ(files_.read("/none/at/all").error().fault, Fault::not_found);
    EXPECT_EQ(files_.read("/etc/file/below").error().fault, Fault::io);
    EXPECT_EQ(files_.read("/etc").error().fault, Fault::io);
    const auto found = files_.find("/etc/none");
    ASSERT_TRUE(found);
    EXPECT_EQ(*found, std::nullopt);
}

TEST_F(FilesTest, RefusesToReadBeyondTheLimit) {
    root_.write("/big", std::string(5000, 'x'));
    EXPECT_TRUE(files_.read("/big", 5000));
    EXPECT_EQ(files_.read("/big", 4999).error().fault, Fault::too_large);
}

TEST_F(FilesTest, LinksAreFollowedInsideTheRootOnly) {
    root_.write("/usr/lib/os-release", "ID=debian\n");
    root_.write("/etc/keep", "");
    std::filesystem::create_symlink("../usr/lib/os-release", root_.below("/etc/relative"));
    std::filesystem::create_symlink("/usr/lib/os-release", root_.below("/etc/absolute"));
    std::filesystem::create_symlink("../../../../../../usr/lib/os-release", root_.below("/etc/climbing"));
    std::filesystem::create_symlink("/usr/lib", root_.below("/lib"));
    for (const auto* path : {"/etc/relative", "/etc/absolute", "/etc/climbing", "/lib/os-release"}) {
        const auto text = files_.read(path);
        ASSERT_TRUE(text) << path;
        EXPECT_EQ(*text, "ID=debian\n") << path;
    }
}

TEST_F(FilesTest, NoLinkLeadsOutOfTheRoot) {
    const TemporaryDirectory outside;
    outside.write("/secret", "outside");
    std::filesystem::create_symlink(outside.path() + "/secret", root_.below("/stolen"));
    std::filesystem::create_symlink(outside.path(), root_.below("/door"));
    EXPECT_EQ(files_.read("/stolen").error().fault, Fault::not_found);
    EXPECT_EQ(files_.read("/door/secret").error().fault, Fault::not_found);
    EXPECT_EQ(files_.read("/../../.." + outside.path() + "/secret").error().fault, Fault::not_found);
    ASSERT_TRUE(files_.replace("/stolen", "inside"));
    EXPECT_EQ(outside.read("/secret"), "outside");
}

TEST_F(FilesTest, LinksThatTurnInCirclesEnd) {
    std::filesystem::create_symlink("b", root_.below("/a"));
    std::filesystem::create_symlink("a", root_.below("/b"));
    const auto text = files_.read("/a");
    ASSERT_FALSE(text);
    EXPECT_EQ(text.error().what, "The path has too many symbolic links.");
}

TEST_F(FilesTest, AReplacedFileKeepsItsMode) {
    root_.write("/etc/shadow", "old");
    ASSERT_EQ(::chmod(root_.below("/etc/shadow").c_str(), 0640), 0);
    ASSERT_TRUE(files_.replace("/etc/shadow", "new"));
    EXPECT_EQ(root_.read("/etc/shadow"), "new");
    struct stat found {};
    ASSERT_EQ(::stat(root_.below("/etc/shadow").c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 07777, 0640U);
}

TEST_F(FilesTest, ANewFileIsReadableWhateverTheUmask) {
    const auto before = ::umask(077);
    ASSERT_TRUE(files_.replace("/etc/new.d/file", "x"));
    ::umask(before);
    struct stat file {
    }, directory{};
    ASSERT_EQ(::stat(root_.below("/etc/new.d/file").c_str(), &file), 0);
    ASSERT_EQ(::stat(root_.below("/etc/new.d").c_str(), &directory), 0);
    EXPECT_EQ(file.st_mode & 07777, 0644U);
    EXPECT_EQ(directory.st_mode & 07777, 0755U);
}

TEST_F(FilesTest, ALinkStaysALinkWhenItsTargetIsReplaced) {
    root_.write("/usr/lib/real", "old");
    std::filesystem::create_symlink("usr/lib/real", root_.below("/link"));
    ASSERT_TRUE(files_.replace("/link", "new"));
    EXPECT_TRUE(std::filesystem::is_symlink(root_.below("/link")));
    EXPECT_EQ(root_.read("/usr/lib/real"), "new");
}

TEST_F(FilesTest, EqualContentTouchesNothing) {
    ASSERT_TRUE(files_.replace("/etc/file", "same"));
    const auto before = test::change_times_of(root_.path());
    ASSERT_TRUE(files_.replace("/etc/file", "same"));
    ASSERT_TRUE(files_.remove("/etc/other"));
    EXPECT_EQ(test::change_times_of(root_.path()), before);
}

TEST_F(FilesTest, RemovingTakesTheDirectoriesThatItWasToldToo) {
    ASSERT_TRUE(files_.replace("/etc/a/b/ours.conf", "x"));
    const Change gone{"/etc/a/b/ours.conf", std::nullopt, 0644, 2};
    ASSERT_TRUE(files_.apply({&gone, 1}));
    EXPECT_FALSE(root_.has("/etc/a"));
    EXPECT_TRUE(root_.has("/etc"));
}

TEST_F(FilesTest, ADirectoryWithSomethingElseInItStays) {
    ASSERT_TRUE(files_.replace("/etc/a/ours.conf", "x"));
    root_.write("/etc/a/theirs.conf", "y");
    const Change gone{"/etc/a/ours.conf", std::nullopt, 0644, 1};
    ASSERT_TRUE(files_.apply({&gone, 1}));
    EXPECT_TRUE(root_.has("/etc/a/theirs.conf"));
}

TEST_F(FilesTest, ListsByName) {
    root_.write("/d/b", "");
    root_.write("/d/a", "");
    const auto names = files_.list("/d");
    ASSERT_TRUE(names);
    EXPECT_EQ(*names, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(files_.list("/none").error().fault, Fault::not_found);
}

TEST_F(FilesTest, OnlyRegularFilesAreWritten) {
    ASSERT_EQ(::mkfifo(root_.below("/pipe").c_str(), 0600), 0);
    EXPECT_EQ(files_.read("/pipe").error().fault, Fault::io);
    EXPECT_FALSE(files_.replace("/pipe", "x"));
}

TEST_F(FilesTest, AnUnfinishedFileOfAnEarlierRunIsNoObstacle) {
    root_.write("/etc/.name.steward-new", "half");
    ASSERT_TRUE(files_.replace("/etc/name", "whole"));
    EXPECT_EQ(root_.read("/etc/name"), "whole");
    EXPECT_FALSE(root_.has("/etc/.name.steward-new"));
}

}  // namespace
}  // namespace steward::platform
