// Meta of a command is a default for its items, element by element; Meta of Atomic for all below. Source: protocol
// sheet 2.2.
#include <gtest/gtest.h>

#include "tests/syncml/documents.h"

namespace steward::syncml {
namespace {

const Item& item(const Message& message, std::size_t number) {
    return message.commands.at(0).items.at(number);
}

TEST(Meta, of_the_command_fills_what_the_item_lacks) {
    const Message message = read_well(
        with_body("<Replace><CmdID>2</CmdID><Meta><Format>int</Format><Type>text/plain</Type><Mark>fatal</Mark></Meta>"
                  "<Item><Meta><Format>chr</Format></Meta><Data>a</Data></Item><Item><Data>1</Data></Item>"
                  "<Item><Meta><Type>text/xml</Type><Size>9</Size></Meta></Item></Replace>"));
    EXPECT_EQ(item(message, 0).meta.format, "chr");
    EXPECT_EQ(item(message, 0).meta.type, "text/plain");
    EXPECT_EQ(item(message, 0).meta.get().mark, "fatal");
    EXPECT_EQ(item(message, 1).meta.format, "int");
    EXPECT_EQ(item(message, 2).meta.format, "int");
    EXPECT_EQ(item(message, 2).meta.type, "text/xml");
    EXPECT_EQ(item(message, 2).meta.get().size, "9");
    EXPECT_EQ(item(message, 2).meta.get().mark, "fatal");
    EXPECT_EQ(message.commands.at(0).meta.format, "int");
}

TEST(Meta, of_the_command_may_stand_after_its_items) {
    const Message message =
        read_well(with_body("<Replace><Item><Data>1</Data></Item><Meta><Format>int</Format></Meta></Replace>"));
    EXPECT_EQ(item(message, 0).meta.format, "int");
}

TEST(Meta, of_atomic_and_sequence_is_a_default_for_all_below) {
    const Message message = read_well(with_body(
        "<Atomic><CmdID>1</CmdID><Replace><Meta><Type>text/xml</Type></Meta><Item/></Replace><Sequence><Meta>"
        "<Format>bool</Format></Meta><Add><Item/></Add><Add><Item><Meta><Format>b64</Format></Meta></Item></Add>"
        "</Sequence><Meta><Format>int</Format><Type>text/plain</Type></Meta></Atomic>"));
    const auto& children = message.commands.at(0).children;
    EXPECT_EQ(children.at(0).items.at(0).meta, Meta("int", "text/xml"));
    EXPECT_EQ(children.at(0).meta, Meta("", "text/xml"));  // of the command: as it was sent
    EXPECT_EQ(children.at(1).children.at(0).items.at(0).meta, Meta("bool", "text/plain"));
    EXPECT_EQ(children.at(1).children.at(1).items.at(0).meta, Meta("b64", "text/plain"));
}

TEST(Meta, of_the_header_and_of_credentials_stays_there) {
    const Message message = read_well(
        "<SyncML><SyncHdr><Meta><MaxMsgSize>2048</MaxMsgSize><MaxObjSize>99</MaxObjSize></Meta><Cred><Meta>"
        "<Format>b64</Format><Type>syncml:auth-md5</Type></Meta><Data> Zz6E </Data></Cred></SyncHdr><SyncBody><Get>"
        "<Item/></Get></SyncBody></SyncML>");
    EXPECT_EQ(message.header.meta.get().max_msg_size, "2048");
    EXPECT_EQ(message.header.meta.get().max_obj_size, "99");
    ASSERT_TRUE(message.header.cred.has_value());
    EXPECT_EQ(message.header.cred->meta, Meta("b64", "syncml:auth-md5"));
    EXPECT_EQ(message.header.cred->data, "Zz6E");
    EXPECT_TRUE(item(message, 0).meta.empty());
}

}  // namespace
}  // namespace steward::syncml
