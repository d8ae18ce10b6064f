#include "agent/syncml/wbxml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agent/syncml/write.h"
#include "platform/base/bytes.h"
#include "tests/syncml/documents.h"

namespace steward::syncml {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string bytes(std::string_view hex) {
    std::string packed;
    for (const char c : hex) {
        if (c != ' ' && c != '\n') packed += c;
    }
    const auto raw = from_hex(packed);
    EXPECT_TRUE(raw.has_value()) << hex;
    return raw.value_or("");
}

std::string text(std::string_view content) {  // STR_I
    return "03" + to_hex(content) + "00";
}

constexpr char header[] = "02 A401 6A 00";

// One Replace with this content of its Item.
std::string with_tokens(const std::string& item) {
    return bytes(header + std::string("6D 6B 60 4B") + text("2") + "01 54" + item + "01 01 01 01");
}

Message read_well_wbxml(std::string_view raw) {
    auto message = read_wbxml(raw);
    if (message.ok()) return *std::move(message);
    ADD_FAILURE() << message.error().what;
    return {};
}

std::string complaint_wbxml(std::string_view raw, const Limits& limits = {}) {
    const auto message = read_wbxml(raw, limits);
    if (!message.ok()) return message.error().what;
    ADD_FAILURE() << "was read without a complaint: " << to_hex(raw);
    return {};
}

constexpr std::string_view worked_example =
    "02a4016a006d6c7103312e3200017203444d2f312e32000165033100015b033100016e570368747470733a2f2f7300010167570344000101"
    "016b604b03320001546e57032e2f410001015a00014703696e7400010100004f033700010101120101";

Message worked_message() {
    Message message;
    message.header.ver_dtd = "1.2";
    message.header.ver_proto = "DM/1.2";
    message.header.session_id = "1";
    message.header.msg_id = "1";
    message.header.target.uri = "https://s";
    message.header.source.uri = "D";
    Command replace;
    replace.name = Name::replace;
    replace.cmd_id = "2";
    Item& item = replace.items.emplace_back();
    item.target = "./A";
    item.meta.format = "int";
    item.data = "7";
    message.commands.push_back(replace);
    message.final = true;
    return message;
}

TEST(Wbxml, C10_the_worked_example_is_written_and_read_byte_for_byte) {
    EXPECT_EQ(to_hex(write_wbxml(worked_message())), worked_example);
    EXPECT_EQ(write_wbxml(worked_message()).size(), 97u);
    EXPECT_EQ(read_well_wbxml(bytes(worked_example)), worked_message());
}

TEST(Wbxml, C11_the_public_id_is_a_multi_byte_number) {
    EXPECT_EQ(to_hex(write_wbxml({}).substr(1, 2)), "a401");
}

TEST(Wbxml, F19_the_worked_example_is_the_same_as_xml) {
    EXPECT_EQ(read_well(write_xml(worked_message())), read_well_wbxml(bytes(worked_example)));
}

TEST(Wbxml, versions_and_document_types_of_old_peers_are_accepted) {
    const std::string rest = "6A 00 6D 6B 12 01 01";
    for (const std::string begin : {"01 A401", "02 9F53", "03 9F51"}) {
        EXPECT_TRUE(read_well_wbxml(bytes(begin + rest)).final) << begin;
    }
    const std::string id = "-//SYNCML//DTD SyncML 1.2//EN";
    EXPECT_TRUE(read_well_wbxml(bytes("02 00 00 6A 1E" + to_hex(id) + "00 6D 6B 12 01 01")).final);
    EXPECT_TRUE(read_well_wbxml(bytes("02 00 02 6A 20 4100" + to_hex(id) + "00 6D 6B 12 01 01")).final);
}

TEST(Wbxml, texts_may_come_from_the_string_table_from_entities_and_in_pieces) {
    const Message message =
        read_well_wbxml(bytes("02 A401 6A 06 61620063 6400"
                              "6D 6B 53 4B 8303 " +
                              text("-") + "0260 0281CE74 8300 01 01 01 01"));
    EXPECT_EQ(message.commands.at(0).cmd_id,
              "cd-`\xE6\x9D\xB4"
              "ab");
}

TEST(Wbxml, binary_data_travels_as_opaque) {
    Message message = worked_message();
    message.commands[0].items[0].data = std::string("\0\x01\xFF z\0", 6);
    const std::string raw = write_wbxml(message);
    EXPECT_NE(raw.find(bytes("4F C3 06 0001FF207A00 01")), std::string::npos);
    EXPECT_EQ(read_well_wbxml(raw), message);
    message.commands[0].items[0].data = std::string(300, '\xFF');
    EXPECT_NE(write_wbxml(message).find(bytes("4F C3 822C FF")), std::string::npos);
    EXPECT_EQ(read_well_wbxml(write_wbxml(message)), message);
}

TEST(Wbxml, opaque_text_is_kept_as_it_is) {
    const Message message = read_well_wbxml(with_tokens("4F C3 04 20612020 01"));
    EXPECT_EQ(message.commands.at(0).items.at(0).data, " a  ");
}

TEST(Wbxml, elements_in_data_become_the_same_text_as_in_xml) {
    // <MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD><Node><NodeName/></Node></MgmtTree>
    const Message message = read_well_wbxml(with_tokens("4F 0002 60 77" + text("1.2") + "01 64 26 01 01 0000 01"));
    const std::string xml =
        "<MgmtTree xmlns=\"syncml:dmddf1.2\"><VerDTD>1.2</VerDTD><Node><NodeName/></Node></MgmtTree>";
    EXPECT_EQ(message.commands.at(0).items.at(0).data, xml);
    EXPECT_EQ(item_of("<Data>" + xml + "</Data>"), message.commands.at(0).items.at(0));
}

TEST(Wbxml, what_has_no_token_is_left_out) {
    Message message = worked_message();
    message.microsoft = true;
    message.commands[0].name = Name::unknown;
    message.commands[0].set().element = "Wipe";
    EXPECT_TRUE(read_well_wbxml(write_wbxml(message)).commands.empty());
}

TEST(Wbxml, every_beginning_of_a_message_is_refused) {
    const std::string whole = bytes(worked_example);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const auto message = read_wbxml(std::string_view(whole).substr(0, size));
        ASSERT_FALSE(message.ok()) << size;
        EXPECT_EQ(message.error().fault, Fault::malformed);
        EXPECT_THAT(message.error().what, StartsWith("byte "));
    }
}

TEST(Wbxml, a_wrong_header_is_refused) {
    EXPECT_THAT(complaint_wbxml(""), HasSubstr("empty"));
    EXPECT_THAT(complaint_wbxml("<SyncML/>"), HasSubstr("not WBXML"));
    EXPECT_THAT(complaint_wbxml(bytes("00 A401 6A 00 6D")), HasSubstr("not WBXML"));
    EXPECT_THAT(complaint_wbxml(bytes("02 A402 6A 00 6D")), HasSubstr("not SyncML"));
    EXPECT_THAT(complaint_wbxml(bytes("02 A401 03 00 6D")), HasSubstr("not UTF-8"));
    EXPECT_THAT(complaint_wbxml(bytes("02 A401 6A 7F 6D")), HasSubstr("string table"));
    EXPECT_THAT(complaint_wbxml(bytes("02 00 05 6A 01 00 6D")), HasSubstr("not SyncML"));
    EXPECT_THAT(complaint_wbxml(bytes("02 FFFFFFFFFF7F")), HasSubstr("32 bits"));
    EXPECT_THAT(complaint_wbxml(bytes("02 9FFFFFFF7F")), HasSubstr("32 bits"));
}

TEST(Wbxml, wrong_tokens_are_refused_with_their_place) {
    const std::string begin = header + std::string("6D 6B ");
    EXPECT_EQ(complaint_wbxml(bytes(begin + "30")), "byte 7: the token 0x30 is not used in SyncML");
    for (const std::string bad : {"04", "44", "84", "C4", "40", "41", "42", "80", "C0", "C1", "C2", "43", "E0", "7F"}) {
        EXPECT_THAT(complaint_wbxml(bytes(begin + bad)), StartsWith("byte 7: the token")) << bad;
    }
    EXPECT_THAT(complaint_wbxml(bytes(begin + "0003")), HasSubstr("no code page 3"));
    EXPECT_THAT(complaint_wbxml(bytes(begin + "00")), HasSubstr("cut off"));
    EXPECT_THAT(complaint_wbxml(bytes(begin + "01 01 01")), HasSubstr("end of the document"));
    EXPECT_THAT(complaint_wbxml(bytes(begin + "01 01 6D")), HasSubstr("end of the document"));
    EXPECT_THAT(complaint_wbxml(bytes(header + std::string("01"))), HasSubstr("not begun"));
    EXPECT_THAT(complaint_wbxml(bytes(begin)), HasSubstr("cut off inside <SyncBody>"));
    EXPECT_THAT(complaint_wbxml(bytes(header + std::string("0002 60 01"))), HasSubstr("<MgmtTree>"));
    EXPECT_THAT(complaint_wbxml(bytes(begin + "48 0002 1C")), HasSubstr("<Format> of a device description"));
    EXPECT_THAT(complaint_wbxml(bytes(header + std::string("6C 01"))), HasSubstr("<SyncHdr>, not SyncML"));
}

TEST(Wbxml, wrong_texts_are_refused) {
    const std::string id = header + std::string("6D 6B 53 4B ");
    EXPECT_THAT(complaint_wbxml(bytes(id + "03 6162")), HasSubstr("no end"));
    EXPECT_THAT(complaint_wbxml(bytes(id + "03 C328 00")), HasSubstr("not UTF-8"));
    EXPECT_THAT(complaint_wbxml(bytes(id + "83 00")), HasSubstr("string table"));
    EXPECT_THAT(complaint_wbxml(bytes(id + "02 00")), HasSubstr("no character"));
    EXPECT_THAT(complaint_wbxml(bytes(id + "02 83B000")), HasSubstr("no character 55296"));
    EXPECT_THAT(complaint_wbxml(bytes(id + "02 C48000")), HasSubstr("no character 1114112"));
    EXPECT_THAT(complaint_wbxml(bytes(id + "C3 05 61")), HasSubstr("longer than the message"));
    EXPECT_THAT(complaint_wbxml(bytes(id + "C3 8FFFFFFF7F 61")), HasSubstr("longer than the message"));
    EXPECT_THAT(complaint_wbxml(bytes(id + "C3 01 FF")), HasSubstr("not text"));
    EXPECT_THAT(complaint_wbxml(bytes(header + text("a"))), HasSubstr("outside"));
    EXPECT_THAT(complaint_wbxml(bytes("02 A401 6A 02 6161 6D 83 00 01")), HasSubstr("string table"));  // no NUL
}

TEST(Wbxml, F28_limits_hold_as_in_xml) {
    std::string deep = bytes(header + std::string("6D 6B"));
    for (int i = 0; i < 100'000; ++i) deep += '\x54';
    EXPECT_THAT(complaint_wbxml(deep), HasSubstr("deeper than 64"));
    std::string atomics = bytes(header + std::string("6D 6B"));
    for (int i = 0; i < 1000; ++i) atomics += '\x48';
    EXPECT_THAT(complaint_wbxml(atomics), HasSubstr("nested deeper than 8"));
    Limits limits;
    limits.commands = 10;
    const auto many = read_wbxml(bytes(header + std::string("6D 6B 13131313131313131313 13")), limits);
    ASSERT_FALSE(many.ok());
    EXPECT_EQ(many.error().fault, Fault::too_large);
    limits.bytes = 5;
    EXPECT_THAT(complaint_wbxml(bytes(worked_example), limits), HasSubstr("more than 5"));
}

TEST(Wbxml, F28_a_string_table_does_not_multiply) {
    std::string raw = bytes("02 A401 6A 83FF7F") + std::string(65'534, 'x') + '\0';
    raw += bytes("6D 6B 45 54 4F");
    for (int i = 0; i < 10'000; ++i) raw += bytes("83 00");
    EXPECT_THAT(complaint_wbxml(raw), HasSubstr("16777216 bytes"));
}

TEST(Wbxml, F28_tokens_in_data_do_not_multiply) {
    std::string raw = bytes(header + std::string("6D 6B 45"));
    for (int i = 0; i < 100; ++i) raw += bytes("54 4F") + std::string(20'000, '\x33') + bytes("01 01");
    Limits limits;
    limits.bytes = raw.size() + 100;
    EXPECT_THAT(complaint_wbxml(raw, limits), HasSubstr("bytes together"));
}

}  // namespace
}  // namespace steward::syncml
