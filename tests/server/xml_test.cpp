// Hostile and strange XML.
#include "tests/server/xml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace steward::server {
namespace {

using testing::HasSubstr;

TEST(EnrolmentXml, ReadsElementsAttributesAndText) {
    const auto root = read_xml(
        "<?xml version=\"1.0\"?><p:a xmlns:p=\"urn:p\" b=\"1 &amp; 2\"><c> <![CDATA[x<y]]> </c><!-- no "
        "--><c>2</c></p:a>");
    ASSERT_TRUE(root) << root.error().what;
    EXPECT_EQ(root->name, "a");
    EXPECT_EQ(root->space, "urn:p");
    EXPECT_EQ(root->attribute("b"), "1 & 2");
    ASSERT_EQ(root->children.size(), 2u);
    EXPECT_EQ(root->text_at({"c"}), "x<y");
    EXPECT_EQ(root->text_at({"c", "d"}), "");
}

TEST(EnrolmentXml, RefusesWhatIsHostile) {
    std::string deep, wide = "<a>";
    for (int i = 0; i < 40; ++i) deep += "<a>";
    for (int i = 0; i < 40; ++i) deep += "</a>";
    for (int i = 0; i < 5000; ++i) wide += "<b/>";
    wide += "</a>";
    const struct {
        std::string bytes;
        const char* says;
    } cases[] = {
        {"<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>", "DOCTYPE"},
        {"<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>", "DOCTYPE"},
        {"<a>&x;</a>", "not well-formed"},
        {"<a><b></a>", "not well-formed"},
        {"<p:a/>", "not well-formed"},
        {"", "not well-formed"},
        {std::string("\xFF\xFE<\0a\0/\0>\0", 10), "not UTF-8"},
        {deep, "too deeply"},
        {wide, "too many elements"},
        {"<a>" + std::string(1u << 20, 'x') + "</a>", "larger than"},
    };
    for (const auto& each : cases) {
        const auto root = read_xml(each.bytes);
        ASSERT_FALSE(root) << each.says;
        EXPECT_THAT(root.error().what, HasSubstr(each.says));
        EXPECT_FALSE(signed_parts(each.bytes));
    }
}

TEST(EnrolmentXml, CanonicalFormsAreThoseOfTheStandard) {
    const auto parts = signed_parts(
        "<s:E xmlns:s=\"urn:s\" xmlns:u=\"urn:u\" b='2' a=\"1\"><s:B/><ds:Signature "
        "xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:SignedInfo ><ds:X/></ds:SignedInfo></ds:Signature></s:E>");
    ASSERT_TRUE(parts) << parts.error().what;
    EXPECT_EQ(parts->signed_info,
              "<ds:SignedInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:X></ds:X></ds:SignedInfo>");
    ASSERT_EQ(parts->without.size(), 2u);
    EXPECT_EQ(parts->without[0], "<s:E xmlns:s=\"urn:s\" a=\"1\" b=\"2\"><s:B></s:B></s:E>");
    EXPECT_EQ(parts->without[1], "<s:E xmlns:s=\"urn:s\" xmlns:u=\"urn:u\" a=\"1\" b=\"2\"><s:B></s:B></s:E>");
    EXPECT_FALSE(signed_parts("<a/>"));
}

}  // namespace
}  // namespace steward::server
