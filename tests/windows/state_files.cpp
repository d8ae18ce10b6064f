// The promises of platform/state_files.h, kept on Windows.
#include "platform/windows/state_files.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/temporary_directory.h"

namespace steward::platform {
namespace {

struct WindowsState : testing::Test {
    test::TemporaryDirectory place;
    WindowsStateFiles files{place.path()};

    std::string content(const char* path) {
        const auto found = files.find(path);
        if (!found) return found.error().what;
        return *found ? **found : "none";
    }
};

TEST_F(WindowsState, FilesComeChangeAndGoWithTheirDirectories) {
    ASSERT_TRUE(files.apply({{"/a/b/one", "1"}, {"/a/two", std::string("2\r\n\0z", 5), true}}));
    EXPECT_EQ(content("/a/b/one"), "1");
    EXPECT_EQ(content("/a/two"), std::string("2\r\n\0z", 5)) << "bytes stay what they are";
    EXPECT_EQ(*files.list("/a"), (std::vector<std::string>{"b", "two"}));
    EXPECT_EQ(*files.list("/nowhere"), std::vector<std::string>());
    ASSERT_TRUE(files.apply({{"/a/b/one", "new"}, {"/a/two", std::nullopt}}));
    EXPECT_EQ(content("/a/b/one"), "new");
    EXPECT_EQ(content("/a/two"), "none");
    ASSERT_TRUE(files.apply({{"/a/b/one", std::nullopt}}));
    EXPECT_FALSE(place.has("a")) << "directories go with their last file";
    EXPECT_TRUE(files.apply({{"/a/b/one", std::nullopt}})) << "what is not there is already gone";
}

TEST_F(WindowsState, WhenOneFailsAllAreAsBefore) {
    ASSERT_TRUE(files.apply({{"/one", "old"}, {"/gone", "here"}}));
    place.write("wall/file", "a directory can't be replaced by a file");
    EXPECT_FALSE(files.apply({{"/one", "new"}, {"/gone", std::nullopt}, {"/new/three", "3"}, {"/wall", "x"}}));
    EXPECT_EQ(content("/one"), "old");
    EXPECT_EQ(content("/gone"), "here");
    EXPECT_FALSE(place.has("new"));
    EXPECT_TRUE(place.has("wall/file"));
    for (const auto& entry : std::filesystem::recursive_directory_iterator(place.path()))
        EXPECT_EQ(entry.path().string().find("steward-new"), std::string::npos) << entry.path();
}

TEST_F(WindowsState, NoPathLeadsOutOfTheDirectory) {
    for (const char* path : {"", "one", "/", "/../x", "/a/../../x", "/a:stream", "/C:\\x", "/a\\b", "/a//b", "/*"}) {
        EXPECT_EQ(files.apply({{path, "x"}}).error().fault, Fault::invalid) << path;
        EXPECT_EQ(files.find(path).error().fault, Fault::invalid) << path;
    }
}

TEST_F(WindowsState, NamesBeyondAsciiAndLongOnesAreFine) {
    const std::string name = "/\xE6\x97\xA5\xE6\x9C\xAC/" + std::string(100, 'x') + "/" + std::string(100, 'y');
    ASSERT_TRUE(files.apply({{name, "1"}}));
    EXPECT_EQ(content(name.c_str()), "1");
    EXPECT_EQ(files.list("/")->front(), "\xE6\x97\xA5\xE6\x9C\xAC");
}

}  // namespace
}  // namespace steward::platform
