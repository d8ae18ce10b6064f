#include "platform/windows/wide.h"

#include <gtest/gtest.h>

namespace steward::platform {
namespace {

TEST(Wide, EveryCharacterGoesThereAndBack) {
    for (const std::string text :
         {"", "plain", "\xC3\xA4\xC3\xB6\xC3\xBC", "\xE6\x97\xA5\xE6\x9C\xAC", "\xF0\x9F\x94\x91"})
        EXPECT_EQ(narrow(wide(text)), text);
    EXPECT_EQ(wide("\xF0\x9F\x94\x91").size(), 2U) << "a pair of surrogates";
    EXPECT_EQ(narrow(wide("a\xFFz")), "a\xEF\xBF\xBDz") << "what is no UTF-8 is shown as that";
}

TEST(Wide, PathsAreAbsoluteAndAsLongAsTheyHaveToBe) {
    EXPECT_EQ(wide_path("C:/a/b"), L"C:\\a\\b");
    EXPECT_EQ(wide_path("C:\\a\\..\\b"), L"C:\\b");
    EXPECT_EQ(wide_path("\\\\.\\pipe\\x"), L"\\\\.\\pipe\\x");
    const std::string deep = "C:\\" + std::string(300, 'x');
    EXPECT_TRUE(wide_path(deep).starts_with(L"\\\\?\\C:\\xxx"));
}

}  // namespace
}  // namespace steward::platform
