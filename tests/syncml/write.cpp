#include "agent/syncml/write.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agent/syncml/wbxml.h"
#include "tests/syncml/documents.h"

namespace steward::syncml {
namespace {

using std::string_literals::operator""s;

Command command(Name name, std::string id) {
    Command made;
    made.name = name;
    made.cmd_id = std::move(id);
    return made;
}

Item source(std::string uri, std::string data) {
    Item item;
    item.source = std::move(uri);
    item.data = std::move(data);
    return item;
}

// Protocol sheet 9.1.
Message package_1() {
    Message message;
    message.header.ver_dtd = "1.2";
    message.header.ver_proto = "DM/1.2";
    message.header.session_id = "7";
    message.header.msg_id = "1";
    message.header.target.uri = "https://mdm.corp.example/dm/session";
    message.header.source.uri = "6F1D0C55B2E94A7C8C0E5A1122334455";
    Command start = command(Name::alert, "2");
    start.data = "1201";
    Command login = command(Name::alert, "3");
    login.data = "1224";
    Item user;
    user.meta.type = "com.microsoft/MDM/LoginStatus";
    user.data = "user";
    login.items.push_back(user);
    Command info = command(Name::replace, "4");
    info.items = {source("./DevInfo/DevId", "6F1D0C55B2E94A7C8C0E5A1122334455"), source("./DevInfo/Man", "ACME"),
                  source("./DevInfo/Mod", "Box 9"), source("./DevInfo/DmV", "1.3"), source("./DevInfo/Lang", "en-US")};
    message.commands = {start, login, info};
    message.final = true;
    return message;
}

constexpr std::string_view package_1_bytes =
    "<SyncML xmlns=\"SYNCML:SYNCML1.2\"><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto>"
    "<SessionID>7</SessionID><MsgID>1</MsgID><Target><LocURI>https://mdm.corp.example/dm/session</LocURI></Target>"
    "<Source><LocURI>6F1D0C55B2E94A7C8C0E5A1122334455</LocURI></Source></SyncHdr><SyncBody>"
    "<Alert><CmdID>2</CmdID><Data>1201</Data></Alert>"
    "<Alert><CmdID>3</CmdID><Data>1224</Data><Item><Meta><Type xmlns=\"syncml:metinf\">com.microsoft/MDM/LoginStatus"
    "</Type></Meta><Data>user</Data></Item></Alert>"
    "<Replace><CmdID>4</CmdID>"
    "<Item><Source><LocURI>./DevInfo/DevId</LocURI></Source><Data>6F1D0C55B2E94A7C8C0E5A1122334455</Data></Item>"
    "<Item><Source><LocURI>./DevInfo/Man</LocURI></Source><Data>ACME</Data></Item>"
    "<Item><Source><LocURI>./DevInfo/Mod</LocURI></Source><Data>Box 9</Data></Item>"
    "<Item><Source><LocURI>./DevInfo/DmV</LocURI></Source><Data>1.3</Data></Item>"
    "<Item><Source><LocURI>./DevInfo/Lang</LocURI></Source><Data>en-US</Data></Item>"
    "</Replace><Final/></SyncBody></SyncML>";

TEST(Write, package_1_has_exactly_the_bytes_that_windows_sends) {
    EXPECT_EQ(write_xml(package_1()), package_1_bytes);
}

TEST(Write, header_elements_stand_in_the_order_of_the_dtd) {
    Message message;
    Header& header = message.header;
    header.ver_dtd = "1.2";
    header.ver_proto = "DM/1.2";
    header.session_id = "A7";
    header.msg_id = "2";
    header.target = {"t", ""};
    header.source = {"s", "dev-0001"};
    header.resp_uri = "r";
    header.no_resp = true;
    header.cred = Credential{{"b64", "syncml:auth-md5"}, "cZBOkultdwbAJMeg4a+3Tw=="};
    header.meta.set().max_msg_size = "2048";
    header.meta.set().max_obj_size = "4096";
    EXPECT_EQ(write_xml(message),
              "<SyncML xmlns=\"SYNCML:SYNCML1.2\"><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>A7"
              "</SessionID><MsgID>2</MsgID><Target><LocURI>t</LocURI></Target><Source><LocURI>s</LocURI><LocName>"
              "dev-0001</LocName></Source><RespURI>r</RespURI><NoResp/><Cred><Meta><Format xmlns=\"syncml:metinf\">b64"
              "</Format><Type xmlns=\"syncml:metinf\">syncml:auth-md5</Type></Meta><Data>cZBOkultdwbAJMeg4a+3Tw=="
              "</Data></Cred><Meta><MaxMsgSize xmlns=\"syncml:metinf\">2048</MaxMsgSize><MaxObjSize "
              "xmlns=\"syncml:metinf\">4096</MaxObjSize></Meta></SyncHdr><SyncBody></SyncBody></SyncML>");
}

std::string body_of(const Command& command, bool microsoft = false) {
    Message message;
    message.microsoft = microsoft;
    message.commands.push_back(command);
    const std::string xml = write_xml(message);
    const std::size_t begin = xml.find("<SyncBody");
    return xml.substr(begin, xml.find("</SyncBody>") - begin);
}

TEST(Write, status_elements_stand_in_the_order_of_the_dtd) {
    Command status = command(Name::status, "1");
    status.set().msg_ref = "1";
    status.set().cmd_ref = "0";
    status.set().cmd = "SyncHdr";
    status.set().target_refs = {"https://dm.example/s"};
    status.set().source_refs = {"urn:dev:0001"};
    status.set().chal = Meta("b64", "syncml:auth-md5");
    status.set().chal->set().next_nonce = "q83vASNFZ4k=";
    status.data = "407";
    EXPECT_EQ(body_of(status),
              "<SyncBody><Status><CmdID>1</CmdID><MsgRef>1</MsgRef><CmdRef>0</CmdRef><Cmd>SyncHdr</Cmd>"
              "<TargetRef>https://dm.example/s</TargetRef><SourceRef>urn:dev:0001</SourceRef><Chal><Meta>"
              "<Format xmlns=\"syncml:metinf\">b64</Format><Type xmlns=\"syncml:metinf\">syncml:auth-md5</Type>"
              "<NextNonce xmlns=\"syncml:metinf\">q83vASNFZ4k=</NextNonce></Meta></Chal><Data>407</Data></Status>");
}

TEST(Write, a_status_for_a_command_without_id_has_an_empty_cmd_ref) {
    Command status = command(Name::status, "2");
    status.set().msg_ref = "1";
    status.data = "400";
    EXPECT_EQ(body_of(status),
              "<SyncBody><Status><CmdID>2</CmdID><MsgRef>1</MsgRef><CmdRef></CmdRef><Data>400</Data></Status>");
}

TEST(Write, results_carry_cmd_after_cmd_ref) {
    Command results = command(Name::results, "5");
    results.set().msg_ref = "1";
    results.set().cmd_ref = "5";
    results.set().cmd = "Get";
    Item item = source("./DevDetail/SwV", "10.0");
    item.meta = {"chr", "text/plain"};
    results.items.push_back(item);
    EXPECT_EQ(body_of(results),
              "<SyncBody><Results><CmdID>5</CmdID><MsgRef>1</MsgRef><CmdRef>5</CmdRef><Cmd>Get</Cmd><Item><Source>"
              "<LocURI>./DevDetail/SwV</LocURI></Source><Meta><Format xmlns=\"syncml:metinf\">chr</Format>"
              "<Type xmlns=\"syncml:metinf\">text/plain</Type></Meta><Data>10.0</Data></Item></Results>");
}

TEST(Write, original_errors_stand_under_the_microsoft_namespace) {
    Command status = command(Name::status, "3");
    status.data = "500";
    status.set().cmd_ref = "7";
    status.set().original_error = "0x80070057\"";
    EXPECT_EQ(body_of(status, true),
              "<SyncBody xmlns:msft=\"http://schemas.microsoft.com/MobileDevice/MDM\"><Status><CmdID>3</CmdID>"
              "<CmdRef>7</CmdRef><Data msft:originalerror=\"0x80070057&quot;\">500</Data></Status>");
}

TEST(Write, original_errors_are_left_out_without_their_namespace) {
    Command status = command(Name::status, "3");
    status.set().cmd_ref = "7";
    status.set().original_error = "0x80070057";
    EXPECT_EQ(body_of(status), "<SyncBody><Status><CmdID>3</CmdID><CmdRef>7</CmdRef></Status>");
    status.data = "500";
    EXPECT_EQ(body_of(status), "<SyncBody><Status><CmdID>3</CmdID><CmdRef>7</CmdRef><Data>500</Data></Status>");
}

TEST(Write, target_stands_before_source_and_more_data_is_last) {
    Item item = source("./S", "");
    item.target = "./T";
    item.more_data = true;
    Command copy = command(Name::copy, "2");
    copy.items.push_back(item);
    EXPECT_EQ(body_of(copy),
              "<SyncBody><Copy><CmdID>2</CmdID><Item><Target><LocURI>./T</LocURI></Target><Source><LocURI>./S</LocURI>"
              "</Source><Data/><MoreData/></Item></Copy>");
}

TEST(Write, markup_is_escaped_and_a_carriage_return_survives) {
    Command add = command(Name::add, "<&>\"'");
    add.items.push_back(source("./A&B", "]]> \r\n\t\"é"));
    const std::string body = body_of(add);
    EXPECT_EQ(body,
              "<SyncBody><Add><CmdID>&lt;&amp;&gt;\"'</CmdID><Item><Source><LocURI>./A&amp;B</LocURI></Source>"
              "<Data>]]&gt; &#13;\n\t\"é</Data></Item></Add>");
    EXPECT_EQ(read_well("<SyncML>" + body + "</SyncBody></SyncML>").commands.at(0), add);
}

TEST(Write, what_xml_cannot_hold_is_replaced) {
    Command add = command(Name::add, "1");
    add.items.push_back(source("./A", "a\0b\x1B\x80\xC3(\xED\xA0\x80\xEF\xBF\xBEz"s));
    const std::string one = "\xEF\xBF\xBD";
    EXPECT_EQ(read_well("<SyncML>" + body_of(add) + "</SyncBody></SyncML>").commands.at(0).items.at(0).data,
              "a" + one + "b" + one + one + one + "(" + one + one + one + one + one + one + "z");
}

TEST(Write, an_unknown_element_keeps_its_name) {
    Command unknown = command(Name::unknown, "2");
    unknown.set().element = "Wipe";
    EXPECT_EQ(body_of(unknown), "<SyncBody><Wipe><CmdID>2</CmdID></Wipe>");
    for (const char* bad : {"", "a b", "1a", "a>", "\xFF", "-a"}) {
        unknown.set().element = bad;
        EXPECT_EQ(body_of(unknown), "<SyncBody>") << bad;
    }
}

class WriterOf : public testing::TestWithParam<Encoding> {};

TEST_P(WriterOf, size_is_what_finish_gives) {
    const Message message = package_1();
    Writer writer(message.header, false, GetParam());
    for (const Command& one : message.commands) {
        const std::size_t before = writer.size(), grows = writer.size_of(one);
        writer.add(one);
        EXPECT_EQ(writer.size(), before + grows);
    }
    const std::size_t size = writer.size();
    const std::string bytes = writer.finish(true);
    EXPECT_EQ(bytes.size(), size);
    EXPECT_EQ(bytes, write(GetParam(), message));
}

TEST_P(WriterOf, size_of_counts_code_pages) {
    Command get = command(Name::get, "1");
    get.items.emplace_back().meta = {"chr", ""};  // in WBXML it ends on another page than it begins
    Writer writer({}, false, GetParam());
    for (int i = 0; i < 3; ++i) {
        const std::size_t before = writer.size(), grows = writer.size_of(get);
        writer.add(get);
        EXPECT_EQ(writer.size(), before + grows);
    }
    const std::size_t size = writer.size();
    EXPECT_EQ(writer.finish(true).size(), size);
}

TEST_P(WriterOf, add_within_keeps_to_the_limit_exactly) {
    const Message message = package_1();
    const std::size_t whole = write(GetParam(), message).size();
    for (const std::size_t limit : {whole, whole - 1}) {
        Writer writer(message.header, false, GetParam());
        ASSERT_TRUE(writer.add_within(message.commands[0], limit));
        ASSERT_TRUE(writer.add_within(message.commands[1], limit));
        EXPECT_EQ(writer.add_within(message.commands[2], limit), limit == whole);
        Message expected = message;
        if (limit != whole) expected.commands.pop_back();
        EXPECT_EQ(writer.finish(true), write(GetParam(), expected));
    }
}

Command status_command() {
    Command status = command(Name::status, "3");
    status.data = "404";
    status.set().msg_ref = "2";
    status.set().cmd_ref = "4";
    status.set().cmd = "Get";
    status.set().target_refs = {"./A & B"};
    status.set().original_error = "0x80070002";
    status.items.emplace_back().data = "a text";
    status.items.emplace_back().data = "";
    return status;
}

Reply status_reply(const std::string& target, const std::vector<std::string>& texts) {
    Reply status{"3", "2", "4", "Get", &target, "404", "0x80070002", texts};
    return status;
}

TEST_P(WriterOf, a_Status_of_views_is_that_of_a_Command) {
    const std::string target = "./A & B";
    const std::vector<std::string> texts = {"a text", ""};
    for (const bool microsoft : {false, true}) {
        Writer views(package_1().header, microsoft, GetParam()), commands(package_1().header, microsoft, GetParam());
        const std::size_t whole = commands.size() + commands.size_of(status_command());
        commands.add(status_command());
        EXPECT_FALSE(views.add_status_within(status_reply(target, texts), whole - 1));
        EXPECT_TRUE(views.add_status_within(status_reply(target, texts), whole));
        EXPECT_EQ(views.finish(true), commands.finish(true));
    }
}

TEST_P(WriterOf, Results_of_views_are_those_of_a_Command) {
    Command results = command(Name::results, "3");
    results.set().msg_ref = "2";
    results.set().cmd_ref = "4";
    results.set().cmd = "Get";
    for (const char* data : {"7", "", "<x>\r", "\xFF"}) {
        Item& item = results.items.emplace_back(source("./A", data));
        item.meta = {"chr", "text/plain"};
    }
    results.items.back().meta.set().size = "7";
    results.items.back().more_data = true;
    results.items.emplace_back().source = "./B";
    Writer views({}, false, GetParam()), commands({}, false, GetParam());
    commands.add(results);
    views.open_results({"3", "2", "4", "Get", nullptr, {}, {}, {}});
    for (const Item& item : results.items) {
        ReplyItem view{item.source, item.meta.format, item.meta.type, item.meta.get().size, {}, item.more_data};
        if (item.data) view.data = *item.data;
        const auto before = views.mark();
        ASSERT_TRUE(views.add_item_within(view, 10'000));
        const std::size_t size = views.size();  // as if closed
        views.back(before);
        EXPECT_FALSE(views.add_item_within(view, size - 1));
        EXPECT_TRUE(views.add_item_within(view, size));
        EXPECT_EQ(views.size(), size);
    }
    EXPECT_EQ(views.size(), commands.size());
    views.close_results();
    EXPECT_EQ(views.size(), commands.size());
    EXPECT_EQ(views.finish(true), commands.finish(true));
}

TEST_P(WriterOf, back_takes_away_what_was_tried) {
    Writer tried({}, false, GetParam()), plain({}, false, GetParam());
    const auto before = tried.mark();
    tried.open_results({"3", "2", "4", "Get", nullptr, {}, {}, {}});
    ASSERT_TRUE(tried.add_item_within({"./A", "chr", "text/plain", {}, std::string(5000, 'x'), false}, 10'000));
    tried.back(before);
    EXPECT_EQ(tried.size(), plain.size());
    tried.add(command(Name::get, "1"));
    plain.add(command(Name::get, "1"));
    EXPECT_EQ(tried.finish(true), plain.finish(true));
}

TEST_P(WriterOf, finish_without_final) {
    Message message = package_1();
    message.final = false;
    const auto back = read(GetParam(), write(GetParam(), message));
    ASSERT_TRUE(back.ok()) << back.error().what;
    EXPECT_EQ(*back, message);
}

INSTANTIATE_TEST_SUITE_P(Encodings, WriterOf, testing::Values(Encoding::xml, Encoding::wbxml),
                         [](const auto& one) { return one.param == Encoding::xml ? "xml" : "wbxml"; });

TEST(Cut, encoded_size_counts_references) {
    EXPECT_EQ(encoded_size(Encoding::xml, "a<é&\r"), 1u + 4 + 2 + 5 + 5);
    EXPECT_EQ(encoded_size(Encoding::wbxml, "a<é&\r"), 6u);
}

TEST(Cut, prefix_within_never_cuts_a_character_or_a_reference) {
    const std::string text = "ab<é€\xF0\x9F\x98\x80&z\r";
    for (const Encoding encoding : {Encoding::xml, Encoding::wbxml}) {
        for (std::size_t budget = 0; budget <= encoded_size(encoding, text) + 1; ++budget) {
            const std::size_t length = prefix_within(encoding, text, budget);
            const std::string_view prefix = std::string_view(text).substr(0, length);
            EXPECT_LE(encoded_size(encoding, prefix), budget);
            EXPECT_FALSE(length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80);
            // One character more would be too much.
            std::size_t next = length;
            if (next == text.size()) continue;
            do ++next;
            while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xC0) == 0x80);
            EXPECT_GT(encoded_size(encoding, std::string_view(text).substr(0, next)), budget);
        }
        EXPECT_EQ(prefix_within(encoding, text, 1000), text.size());
    }
}

TEST(Encodings, are_known_by_their_content_type) {
    EXPECT_EQ(encoding_of("application/vnd.syncml.dm+xml"), Encoding::xml);
    EXPECT_EQ(encoding_of(" Application/vnd.SyncML.dm+WBXML ; charset=utf-8"), Encoding::wbxml);
    EXPECT_EQ(encoding_of(content_type(Encoding::xml)), Encoding::xml);
    EXPECT_EQ(encoding_of("text/html"), std::nullopt);
    EXPECT_EQ(encoding_of(""), std::nullopt);
}

TEST(Names, are_those_of_the_elements) {
    EXPECT_STREQ(name_of(Name::erase), "Delete");
    EXPECT_STREQ(name_of(Name::unknown), "");
}

}  // namespace
}  // namespace steward::syncml
