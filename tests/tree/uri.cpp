#include "agent/tree/uri.h"

#include <gtest/gtest.h>

namespace steward::tree {
namespace {

std::vector<std::string> segments(const std::string& text) {
    Uri uri;
    if (!uri.parse(text)) return {"(refused)"};
    return {uri.segments().begin(), uri.segments().end()};
}

using Parts = std::vector<std::string>;

TEST(Uri, TakesPathsApart) {
    EXPECT_EQ(segments("./A/B"), (Parts{"A", "B"}));
    EXPECT_EQ(segments("A/B"), (Parts{"A", "B"}));
    EXPECT_EQ(segments(" \n./A/B "), (Parts{"A", "B"}));
    EXPECT_EQ(segments("."), Parts{});
    EXPECT_EQ(segments("./A%20B/C%2FD"), (Parts{"A B", "C/D"}));
    EXPECT_EQ(segments("./%2541"), Parts{"%41"});  // decoded once
    EXPECT_EQ(segments("./Vendor/MSFT/X"), (Parts{"Device", "Vendor", "MSFT", "X"}));
    EXPECT_EQ(segments("./User/Vendor/MSFT/X"), (Parts{"User", "Vendor", "MSFT", "X"}));
}

TEST(Uri, GET_04_F20_RefusesWhatNamesNoNode) {
    for (const char* text : {"", "/", "/A", "./", "./A/", "./A//B", "./A/../B", "..", "./A/./B", "./A/*", "./A%",
                             "./A%2", "./A%zz", "./A/%00", "./\xff", "./A?x=y", "./A?prop=", "./A?prop"}) {
        Uri uri;
        const auto parsed = uri.parse(text);
        ASSERT_FALSE(parsed) << text;
        EXPECT_EQ(parsed.error().fault, Fault::malformed) << text;
    }
}

TEST(Uri, GET_04_LimitsAreSaidAsTooLong) {
    for (const auto& text : {"./" + std::string(5000, 'a'), "./" + std::string(600, 'a'), [] {
                                 std::string deep = ".";
                                 for (int i = 0; i < 70; ++i) deep += "/a";
                                 return deep;
                             }()}) {
        Uri uri;
        const auto parsed = uri.parse(text);
        ASSERT_FALSE(parsed);
        EXPECT_EQ(parsed.error().fault, Fault::uri_too_long);
    }
}

TEST(Uri, FindsTheQuery) {
    Uri property, list;
    ASSERT_TRUE(property.parse("./A?prop=ACL"));
    EXPECT_EQ(property.property(), "ACL");
    ASSERT_TRUE(list.parse("./A?list=TNDS+Value"));
    EXPECT_EQ(list.list(), "TNDS+Value");
}

TEST(Uri, EncodedSegmentsComeBackWhole) {
    for (int c = 1; c < 128; ++c) {
        const std::string name = std::string("x") + static_cast<char>(c);
        EXPECT_EQ(segments("./" + encode_segment(name)), Parts{name}) << c;
    }
    EXPECT_EQ(encode_segment("MS DM Server"), "MS%20DM%20Server");
}

}  // namespace
}  // namespace steward::tree
