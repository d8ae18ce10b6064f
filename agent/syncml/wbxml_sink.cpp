#include "agent/syncml/wbxml_sink.h"

#include <cstdint>

#include "agent/syncml/escape.h"
#include "platform/base/text.h"

namespace steward::syncml {
namespace {

// mb_u_int32: seven bits a byte, the highest first, all but the last with the top bit set.
void append_number(Output& out, std::uint32_t number) {
    for (unsigned shift = 28; shift != 0; shift -= 7) {
        if (number >> shift != 0) out += static_cast<char>((number >> shift & 0x7F) | 0x80);
    }
    out += static_cast<char>(number & 0x7F);
}

}  // namespace

void append_wbxml_header(Output& out) {
    out += '\x02';  // WBXML 1.2
    append_number(out, wbxml::syncml_1_2);
    append_number(out, wbxml::utf8);
    append_number(out, 0);  // no string table
}

void WbxmlSink::token(Tag tag, unsigned char flags) {
    const auto page = static_cast<unsigned char>(page_of(tag));
    if (page != page_) {
        out_ += static_cast<char>(wbxml::switch_page);
        out_ += static_cast<char>(page);
        page_ = page;
    }
    out_ += static_cast<char>(token_of(tag) | flags);
}

void WbxmlSink::open(Tag tag) {
    token(tag, wbxml::has_content);
}

void WbxmlSink::close(Tag) {
    out_ += static_cast<char>(wbxml::end);
}

void WbxmlSink::empty(Tag tag) {
    token(tag, 0);
}

void WbxmlSink::leaf(Tag tag, std::string_view text) {
    open(tag);
    out_ += static_cast<char>(wbxml::str_i);
    if (valid_utf8(text)) {
        out_ += text;
    } else {
        out_ += legal(text);
    }
    out_ += '\0';
    close(tag);
}

void WbxmlSink::data(std::string_view text) {
    if (text.empty()) return empty(Tag::data);
    if (valid_utf8(text)) return leaf(Tag::data, text);
    open(Tag::data);
    out_ += static_cast<char>(wbxml::opaque);
    append_number(out_, static_cast<std::uint32_t>(text.size()));
    out_ += text;
    close(Tag::data);
}

void WbxmlSink::status_data(std::string_view code, std::string_view) {
    if (!code.empty()) leaf(Tag::data, code);
}

bool WbxmlSink::unknown(std::string_view, bool) {
    return false;
}

}  // namespace steward::syncml
