// ?prop=, ?list= and access control.
#include <gtest/gtest.h>

#include "tests/tree/device.h"

namespace steward::tree {
namespace {

using State = Answer::State;

TEST(Properties, GET_03_WhatANodeSaysOfItself) {
    Device device;
    device.clock.time = Instant(std::chrono::seconds(1706745599));
    (void)device.one(replace(lock_uri + "Length", "9"));
    EXPECT_EQ(device.data(lock_uri + "Length?prop=Format"), "int");
    EXPECT_EQ(device.data(lock_uri + "Length?prop=Name"), "Length");
    EXPECT_EQ(device.data(lock_uri + "Length?prop=Type"), "text/plain");
    EXPECT_EQ(device.data(lock_uri + "Length?prop=Size"), "1");
    EXPECT_EQ(device.data(lock_uri + "Length?prop=VerNo"), "1");
    EXPECT_EQ(device.data(lock_uri + "Length?prop=TStamp"), "20240131T235959Z");
    EXPECT_EQ(device.data(lock_uri + "Length?prop=ACL"), "");
    EXPECT_EQ(device.data(lock_uri + "Length?prop=Title"), "");
    EXPECT_EQ(device.get(lock_uri + "Length?prop=Colour").error.fault, Fault::unsupported);
    EXPECT_EQ(device.get(lock_uri + "History?prop=Name").error.fault, Fault::not_found);
}

TEST(Properties, GET_03_OnlyReplaceChangesAProperty) {
    Device device;
    (void)device.one(replace(lock_uri + "Length", "9"));
    EXPECT_EQ(device.one(replace(lock_uri + "Length?prop=Title", "A title")).state, State::done);
    EXPECT_EQ(device.data(lock_uri + "Length?prop=Title"), "A title");
    EXPECT_EQ(device.one(add(lock_uri + "Length?prop=Title", "x")).error.fault, Fault::refused);
    EXPECT_EQ(device.one(replace(lock_uri + "Length?prop=Format", "chr")).error.fault, Fault::refused);
    EXPECT_EQ(device.one(replace(lock_uri + "Length?prop=Colour", "red")).error.fault, Fault::unsupported);
    EXPECT_EQ(device.one(erase(lock_uri + "Length?prop=Title")).error.fault, Fault::refused);
}

TEST(Properties, F11_RenameMovesTheSubtree) {
    Device device;
    (void)device.run({add("./Vendor2/Account/a/Name", "A"), add("./Vendor2/Account/b/Name", "B")});
    EXPECT_EQ(device.one(replace("./Vendor2/Account/a?prop=Name", "b")).error.fault, Fault::exists);
    EXPECT_EQ(device.one(replace("./Vendor2/Account/a?prop=Name", "c d")).state, State::done);
    EXPECT_EQ(device.data("./Vendor2/Account"), "b/c%20d");
    EXPECT_EQ(device.data("./Vendor2/Account/c%20d/Name"), "A");
    EXPECT_EQ(device.one(replace("./Vendor2/Title?prop=Name", "x")).error.fault, Fault::not_found);
    EXPECT_EQ(device.one(replace("./Vendor2/Fixed?prop=Name", "x")).error.fault, Fault::refused);
    EXPECT_EQ(device.one(replace("./Vendor2/Account/b?prop=Name", "../x")).error.fault, Fault::invalid);
}

TEST(Properties, GET_02_StructAndData) {
    Device device;
    (void)device.run({add("./Vendor2/Account/a/Name", "A"), add("./Vendor2/Account/a/Port", "7")});
    const auto structure = device.get("./Vendor2/Account?list=Struct");
    ASSERT_EQ(structure.found.size(), 4u);
    EXPECT_EQ(structure.found[0].uri, "./Vendor2/Account");
    EXPECT_EQ(structure.found[1].uri, "./Vendor2/Account/a");
    EXPECT_EQ(structure.found[2].uri, "./Vendor2/Account/a/Name");
    EXPECT_EQ(structure.found[3].format, csp::Format::integer);
    EXPECT_FALSE(structure.found[3].data);
    const auto data = device.get("./Vendor2/Account?list=StructData");
    EXPECT_EQ(data.found[3].data, "7");
    EXPECT_FALSE(data.found[0].data);
    EXPECT_EQ(device.get("./Vendor2?list=Nonsense").error.fault, Fault::unsupported);
}

TEST(Properties, GET_02_Tnds) {
    Device device;
    (void)device.run({add("./Vendor2/Account/a/Name", "<&>"), add("./Vendor2/Secret", "hidden")});
    const auto answer = device.get("./Vendor2/Account?list=TNDS");
    ASSERT_EQ(answer.found.size(), 1u);
    EXPECT_EQ(answer.found[0].type, "application/vnd.syncml.dmtnds+xml");
    EXPECT_EQ(answer.found[0].data,
              "<MgmtTree xmlns=\"syncml:dmddf1.2\"><VerDTD>1.2</VerDTD><Node><NodeName>Account</NodeName><RTProperties>"
              "<Format><node/></Format><Name>Account</Name><Type><DDFName/></Type></RTProperties><Node>"
              "<NodeName>a</NodeName><RTProperties><Format><node/></Format><Name>a</Name><Type><DDFName/></Type>"
              "</RTProperties><Node><NodeName>Name</NodeName><RTProperties><Format><chr/></Format><Name>Name</Name>"
              "<Type><MIME>text/plain</MIME></Type></RTProperties><Value>&lt;&amp;&gt;</Value></Node></Node></Node>"
              "</MgmtTree>");
    EXPECT_EQ(device.get("./Vendor2?list=TNDS").found[0].data->find("hidden"), std::string::npos);
    EXPECT_EQ(device.get("./Vendor2/Account?list=TNDS+Colour").error.fault, Fault::unsupported);
    EXPECT_EQ(device.get("./Vendor2/Account?list=TNDS+Value-ACL").error.fault, Fault::unsupported);
    EXPECT_EQ(device.get("./Vendor2/Account?list=TNDS+Value").found[0].data->find("Format"), std::string::npos);
}

TEST(Acl, AUT_13_NearestOneDecides) {
    Device device;
    (void)device.run({replace("./Vendor2/Title", "t")}, "owner");
    ASSERT_EQ(device.one(replace(".?prop=ACL", "Add=*&Get=*&Replace=owner&Delete=owner&Exec=*"), "owner").state,
              State::done);
    EXPECT_EQ(device.one(replace("./Vendor2/Strict", "x"), "guest").error.fault, Fault::denied);
    EXPECT_EQ(device.data("./Vendor2/Now", "guest"), "now");
    EXPECT_EQ(device.one(replace("./Vendor2/Fixed", "6"), "guest").error.fault, Fault::denied);
    EXPECT_EQ(device.one(replace("./Vendor2/Fixed", "6"), "owner").state, State::done);
    // A nearer ACL replaces the inherited one as a whole.
    ASSERT_EQ(device.one(replace("./Vendor2?prop=ACL", "Get=guest&Replace=owner"), "owner").state, State::done);
    EXPECT_EQ(device.get("./Vendor2/Now", "owner").error.fault, Fault::denied);
    EXPECT_EQ(device.one(exec("./Vendor2/Ring"), "guest").error.fault, Fault::denied);
    EXPECT_EQ(device.data("./Vendor2/Now", "guest"), "now");
    EXPECT_EQ(device.data("./Vendor2/Now?prop=ACL", "guest"), "");  // its own, never the inherited one
}

TEST(Acl, AUT_13_ChangingAnAclTakesTheRightToReplace) {
    Device device;
    ASSERT_EQ(device.one(replace(".?prop=ACL", "Add=*&Get=*&Replace=owner"), "owner").state, State::done);
    EXPECT_EQ(device.one(replace("./Vendor2?prop=ACL", "Get=*"), "guest").error.fault, Fault::denied);
    EXPECT_EQ(device.one(replace(".?prop=ACL", ""), "owner").error.fault, Fault::refused);
    for (const char* bad : {"Get", "Get=", "Look=*", "Get=a b", "Get=*&", "&Get=*"}) {
        EXPECT_EQ(device.one(replace("./Vendor2?prop=ACL", bad), "owner").error.fault, Fault::invalid) << bad;
    }
    EXPECT_EQ(device.data(".?prop=ACL", "owner"), "Add=*&Get=*&Replace=owner");
}

TEST(Acl, GoesWithItsNode) {
    Device device;
    (void)device.run({add("./Vendor2/Account/a/Name", "A"), replace("./Vendor2/Account/a/Name?prop=ACL", "Get=corp")});
    ASSERT_EQ(device.one(erase("./Vendor2/Account/a")).state, State::done);
    for (const auto& [uri, rows] : device.policies->all()) EXPECT_FALSE(uri.starts_with("?ACL")) << uri;
}

}  // namespace
}  // namespace steward::tree
