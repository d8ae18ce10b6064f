// Input that must be refused, with a place and a reason, at bounded cost.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/syncml/documents.h"

namespace steward::syncml {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using std::string_literals::operator""s;

std::string repeated(std::string_view text, std::size_t count) {
    std::string all;
    for (std::size_t i = 0; i < count; ++i) all += text;
    return all;
}

TEST(Lex, LEX_09_text_that_is_not_utf8_is_refused_with_its_place) {
    for (const std::string bad : {"\xC3", "\xC0\xAF", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xFF"}) {
        EXPECT_THAT(complaint("<SyncML>\n<SyncBody>" + bad + "</SyncBody></SyncML>"), StartsWith("line 2, column "));
        EXPECT_NE(complaint(with_item("<Data>" + bad + "</Data>")), "");
        EXPECT_NE(complaint(with_item("<Data><a b=\"" + bad + "\"/></Data>")), "");
        EXPECT_NE(complaint(with_item("<Data><![CDATA[" + bad + "]]></Data>")), "");
    }
}

TEST(Lex, LEX_09_nul_and_other_control_characters_are_refused) {
    EXPECT_EQ(complaint("<SyncML>\n <a>\0</a></SyncML>"s), "line 2, column 5: a NUL byte is not allowed in XML");
    EXPECT_EQ(complaint("\n  <SyncML>\0</SyncML>"s), "line 2, column 11: a NUL byte is not allowed in XML");
    EXPECT_NE(complaint(with_item("<Data>\x01</Data>")), "");
    EXPECT_NE(complaint(with_item("<Data>&#1;</Data>")), "");
    EXPECT_NE(complaint(with_item("<Data>&#0;</Data>")), "");
    EXPECT_NE(complaint(with_item("<Data>&#xFFFE;</Data>")), "");
}

TEST(Lex, LEX_09_every_beginning_of_a_message_is_refused) {
    const std::string whole =
        with_item("<Target><LocURI>./A</LocURI></Target><Data><![CDATA[x]]><y z=\"1\"/>&lt;</Data>");
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const auto message = read_xml(std::string_view(whole).substr(0, size));
        ASSERT_FALSE(message.ok()) << whole.substr(0, size);
        EXPECT_EQ(message.error().fault, Fault::malformed);
        EXPECT_THAT(message.error().what, StartsWith("line 1, column "));
    }
    EXPECT_TRUE(read_xml(whole).ok());
}

TEST(Lex, LEX_09_a_message_that_is_cut_off_is_called_so) {
    for (const std::string cut :
         {"<Get>", "<Get", "<Get a", "<Get a=\"b", "</SyncBo", "<!-- ", "<![CDATA[ x", "text", "&l"}) {
        EXPECT_THAT(complaint("<SyncML>\n<SyncBody>\n" + cut), AllOf(StartsWith("line 3, "), HasSubstr("cut off")))
            << cut;
    }
    EXPECT_THAT(complaint("<SyncML>\n<SyncBody></SyncML>"), HasSubstr("mismatch")) << "the wrong tag is what is wrong";
}

TEST(Lex, LEX_09_half_a_utf16_character_is_refused) {
    EXPECT_THAT(complaint("\xFF\xFE<\0S"s), HasSubstr("UTF-16"));
    EXPECT_THAT(complaint("\xFF\xFE<\0\0\xD8"s), HasSubstr("UTF-16"));
    EXPECT_THAT(complaint("\xFF\xFE<\0\0\xDC<\0"s), HasSubstr("UTF-16"));
}

TEST(Refused, wrong_markup_is_refused_with_its_place) {
    EXPECT_THAT(complaint("<SyncML>\n<SyncBody>\n <Get></Set></SyncBody></SyncML>"),
                AllOf(StartsWith("line 3, column "), HasSubstr("Get")));
    EXPECT_THAT(complaint("\n\n<SyncML>\n<a b></a></SyncML>"), StartsWith("line 4, column "));
    EXPECT_NE(complaint("<SyncML a=\"1\" a=\"2\"/>"), "");
    EXPECT_NE(complaint("<SyncML>&nosuch;</SyncML>"), "");
    EXPECT_NE(complaint(with_item("<Data><a b=\"&nosuch;\"/></Data>")), "");
}

TEST(Refused, an_element_with_attributes_that_is_refused_itself) {
    EXPECT_THAT(complaint("<Other msft:originalerror=\"0x80070057\" a=\"b\">50</Other>"), HasSubstr("<Other>"));
    Limits limits;
    limits.commands = 1;
    EXPECT_THAT(complaint(with_body("<Get/><Get xmlns:a=\"urn:a\" a:originalerror=\"0x80070057\"/>"), limits),
                HasSubstr("more than 1 commands"));
}

TEST(Refused, text_after_the_document) {
    EXPECT_TRUE(read_xml("<SyncML/>\r\n\t <!-- fine -->\n").ok());
    EXPECT_THAT(complaint("<SyncML/>\nrubbish"), AllOf(StartsWith("line 2, "), HasSubstr("end of the document")));
    EXPECT_THAT(complaint("<SyncML/><SyncML/>"), HasSubstr("end of the document"));
    EXPECT_THAT(complaint("<SyncML/>\0"s), HasSubstr("NUL"));
}

TEST(Refused, what_is_no_syncml_is_named) {
    EXPECT_THAT(complaint("<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body/></s:Envelope>"),
                HasSubstr("SOAP envelope"));
    EXPECT_THAT(complaint("<!DOCTYPE html>\n<html><head><meta charset=utf-8></head></html>"), HasSubstr("HTML page"));
    EXPECT_THAT(complaint("<!doctype HTML><p>"), HasSubstr("HTML page"));
    EXPECT_THAT(complaint("<HTML><BODY>502 Bad Gateway<br></BODY></HTML>"), HasSubstr("HTML page"));
    EXPECT_THAT(complaint("<wap-provisioningdoc/>"), HasSubstr("<wap-provisioningdoc>, not SyncML"));
    EXPECT_THAT(complaint("<SyncML xmlns=\"urn:x\"/>"), HasSubstr("namespace"));
    EXPECT_THAT(complaint("Service unavailable"), HasSubstr("not an XML document"));
    EXPECT_THAT(complaint("{\"error\": 1}"), HasSubstr("not an XML document"));
    EXPECT_THAT(complaint("\x02\xA4\x01\x6A"), HasSubstr("WBXML"));
    EXPECT_THAT(complaint(""), HasSubstr("empty"));
    EXPECT_THAT(complaint(" \n "), HasSubstr("empty"));
    EXPECT_THAT(complaint("<!-- only a comment -->"), HasSubstr("not an XML document"));
    EXPECT_THAT(complaint("<SyncML><SyncHdr/><SyncHdr/></SyncML>"), HasSubstr("second SyncHdr"));
}

TEST(Aut, AUT_12_F28_entities_and_types_of_the_document_are_refused) {
    EXPECT_THAT(complaint("<!DOCTYPE SyncML [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><SyncML>&x;</SyncML>"),
                HasSubstr("refused"));
    EXPECT_THAT(complaint("<!DOCTYPE SyncML [<!ENTITY % p SYSTEM \"http://localhost:1/\">%p;]><SyncML/>"),
                HasSubstr("refused"));
    EXPECT_THAT(complaint("<!DOCTYPE SyncML [<!ATTLIST SyncML a CDATA \"1\">]><SyncML/>"), HasSubstr("refused"));
    EXPECT_THAT(complaint("<!DOCTYPE SyncML SYSTEM \"file:///etc/passwd\"><SyncML>&x;</SyncML>"),
                HasSubstr("'x' not defined"));
}

TEST(Aut, AUT_12_F28_a_billion_laughs_cost_nothing) {
    std::string bomb = "<!DOCTYPE SyncML [<!ENTITY a0 \"ha\">";
    for (int i = 1; i < 30; ++i) {
        const std::string before = "&a" + std::to_string(i - 1) + ";";
        bomb += "<!ENTITY a" + std::to_string(i) + " \"" + repeated(before, 10) + "\">";
    }
    EXPECT_THAT(complaint(bomb + "]><SyncML>&a29;</SyncML>"), HasSubstr("refused"));
}

TEST(Aut, AUT_12_F28_nesting_is_limited) {
    const std::string deep = repeated("<a>", 100'000);
    EXPECT_THAT(complaint("<SyncML><SyncBody>" + deep), HasSubstr("deeper than 64"));
    EXPECT_THAT(complaint(with_item("<Data>" + deep)), HasSubstr("deeper than 64"));
    EXPECT_THAT(complaint("<SyncML><SyncBody>" + repeated("<Atomic>", 1000)), HasSubstr("nested deeper than 8"));
    EXPECT_TRUE(read_xml(with_body(repeated("<Sequence>", 8) + repeated("</Sequence>", 8))).ok());
    Limits limits;
    limits.depth = 100'000;
    EXPECT_THAT(complaint("<SyncML><SyncBody><a>" + deep, limits), HasSubstr("deeper than 255"));
}

TEST(Aut, AUT_12_F28_each_limit_refuses_what_is_one_beyond) {
    Limits limits;
    limits.bytes = 1000;
    limits.commands = 3;
    limits.items = 2;
    limits.references = 2;
    limits.uri = 10;
    limits.text = 8;
    limits.data = 20;
    const auto fits = [&](const std::string& body) { return read_xml(with_body(body), limits).ok(); };
    const auto says = [&](const std::string& body) {
        const auto message = read_xml(with_body(body), limits);
        EXPECT_FALSE(message.ok());
        if (message.ok()) return std::string();
        EXPECT_EQ(message.error().fault, Fault::too_large);
        EXPECT_THAT(message.error().what, StartsWith("line 1, column "));
        return message.error().what;
    };
    EXPECT_TRUE(fits("<Get/><Atomic><Get/></Atomic>"));
    EXPECT_THAT(says("<Get/><Atomic><Get/><Get/></Atomic>"), HasSubstr("more than 3 commands"));
    EXPECT_TRUE(fits("<Get><Item/></Get><Get><Item/></Get>"));
    EXPECT_THAT(says("<Get><Item/></Get><Get><Item/><Item/></Get>"), HasSubstr("more than 2 items"));
    EXPECT_TRUE(fits("<Status><TargetRef>a</TargetRef><SourceRef>b</SourceRef></Status>"));
    EXPECT_THAT(says("<Status><TargetRef/><TargetRef/><SourceRef/></Status>"), HasSubstr("more than 2 target"));
    EXPECT_TRUE(fits("<Get><Item><Target><LocURI>./34567890</LocURI></Target></Item></Get>"));
    EXPECT_THAT(says("<Get><Item><Target><LocURI>./345678901</LocURI></Target></Item></Get>"), HasSubstr("text"));
    EXPECT_TRUE(fits("<Get><CmdID>12345678</CmdID></Get>"));
    EXPECT_THAT(says("<Get><CmdID>123456789</CmdID></Get>"), HasSubstr("text"));
    EXPECT_TRUE(fits("<Add><Item><Data>12345678901234567890</Data></Item></Add>"));
    EXPECT_THAT(says("<Add><Item><Data>123456789012345678901</Data></Item></Add>"),
                HasSubstr("Data is longer than 20"));
    EXPECT_THAT(says("<Add><Item><Data><![CDATA[123456789012345678901]]></Data></Item></Add>"), HasSubstr("Data"));
    EXPECT_THAT(says("<Add><Item><Data><a b=\"1234567890123456\"/></Data></Item></Add>"), HasSubstr("Data"));
    EXPECT_THAT(says("<Add><Item><Data><a>&lt;&lt;&lt;&lt;&lt;</a></Data></Item></Add>"), HasSubstr("Data"));
    EXPECT_THAT(says(std::string(1000, ' ')), HasSubstr("more than 1000"));
}

TEST(Aut, AUT_12_F28_endless_tags_and_attributes_are_cut_short) {
    const std::string begin = "<SyncML><SyncBody>";
    EXPECT_THAT(complaint(begin + "<!--" + std::string(300'000, 'x')), HasSubstr("longer than 65536"));
    EXPECT_THAT(complaint(begin + "<Get a=\"" + std::string(300'000, '>')), HasSubstr("longer than 65536"));
    EXPECT_THAT(complaint(begin + "&" + std::string(300'000, 'x')), HasSubstr("line 1, column"));
    std::string attributes, spaces;
    for (int i = 0; i < 300; ++i) {
        attributes += " a" + std::to_string(i) + "=\"1\"";
        spaces += " xmlns:a" + std::to_string(i) + "=\"urn:1\"";
    }
    EXPECT_THAT(complaint("<SyncML" + attributes + "/>"), HasSubstr("more than 256 attributes"));
    EXPECT_THAT(complaint(with_item("<Data><x" + spaces + "/></Data>")), HasSubstr("more than 256 attributes"));
}

TEST(Aut, AUT_12_F28_meta_that_is_inherited_does_not_multiply) {
    std::string body = "<Atomic><Meta><Mark>" + std::string(60'000, 'x') + "</Mark></Meta><Get>";
    for (int i = 0; i < 10'000; ++i) body += "<Item/>";
    EXPECT_THAT(complaint(with_body(body + "</Get></Atomic>")), HasSubstr("texts of the message are longer than"));
}

TEST(Aut, AUT_12_F28_ever_new_names_are_cut_short) {
    std::string names = "<SyncML><SyncBody><Get>";
    for (int i = 0; i < 200'000; ++i) names += "<a" + std::to_string(i) + "/>";
    EXPECT_THAT(complaint(names), HasSubstr("more than 10000 different names"));
}

TEST(Aut, AUT_12_F28_a_large_value_is_read_whole) {
    const std::string value(12'000'000, 'x');  // libxml2's own limit is below that
    EXPECT_EQ(item_of("<Data>" + value + "</Data>").data, value);
    EXPECT_EQ(item_of("<Data><![CDATA[" + value + "]]></Data>").data, value);
}

TEST(Aut, AUT_12_F28_many_small_comments_are_not_one_long_one) {
    const std::string comments = repeated("<!-- nothing --><?nothing at all?>", 10'000);
    EXPECT_TRUE(read_xml(comments + with_body(comments) + comments).ok());
}

}  // namespace
}  // namespace steward::syncml
