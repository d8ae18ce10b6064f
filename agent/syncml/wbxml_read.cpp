#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/syncml/builder.h"
#include "agent/syncml/escape.h"
#include "agent/syncml/wbxml.h"
#include "agent/syncml/wbxml_sink.h"
#include "platform/base/bytes.h"
#include "platform/base/text.h"

namespace steward::syncml {
namespace {

class WbxmlReader {
  public:
    WbxmlReader(std::string_view bytes, const Limits& limits)
        : bytes_(bytes), limits_(limits), builder_(limits, bytes.size()) {}

    Result<Message> run();

  private:
    // Each returns false after fail().
    bool header();
    bool public_id(std::uint32_t number);
    bool body();
    bool step(unsigned char token);
    bool element(unsigned char token);
    bool end_element();
    bool inline_string();
    bool table_string();
    bool entity();
    bool opaque();

    bool number(std::uint32_t& value);  // mb_u_int32
    bool byte(unsigned char& value);
    bool text(std::string_view text);
    bool passed(bool fine) { return fine || fail(builder_.error().fault, builder_.error().what); }
    bool fail(Fault fault, const std::string& what);
    bool wrong(const std::string& what) { return fail(Fault::malformed, what); }

    const std::string_view bytes_;
    const Limits limits_;
    Builder builder_;
    std::size_t at_ = 0;
    std::size_t token_at_ = 0;  // where what is being read began: the place of an error
    std::string_view strings_;  // the string table
    unsigned page_ = 0;
    std::vector<Tag> open_;
    Error error_;
};

bool WbxmlReader::fail(Fault fault, const std::string& what) {
    error_ = {fault, "byte " + std::to_string(token_at_) + ": " + what, {}};
    return false;
}

bool WbxmlReader::byte(unsigned char& value) {
    if (at_ >= bytes_.size()) return wrong("the message is cut off");
    value = static_cast<unsigned char>(bytes_[at_++]);
    return true;
}

bool WbxmlReader::number(std::uint32_t& value) {
    std::uint64_t sum = 0;
    for (int i = 0; i < 5; ++i) {
        unsigned char next = 0;
        if (!byte(next)) return false;
        sum = sum << 7 | (next & 0x7Fu);
        if ((next & 0x80u) != 0) continue;
        if (sum > 0xFFFFFFFFu) break;
        value = static_cast<std::uint32_t>(sum);
        return true;
    }
    return wrong("a number is larger than 32 bits");
}

bool WbxmlReader::header() {
    unsigned char version = 0;
    std::uint32_t id = 0, name = 0, charset = 0, table = 0;
    if (!byte(version)) return false;
    if (version < 0x01 || version > 0x03) return wrong("this is not WBXML 1.1, 1.2 or 1.3");
    if (!number(id) || (id == 0 && !number(name)) || !number(charset)) return false;
    if (charset != wbxml::utf8) return wrong("the character set is " + std::to_string(charset) + ", not UTF-8 (106)");
    if (!number(table)) return false;
    if (table > bytes_.size() - at_) return wrong("the string table is longer than the message");
    strings_ = bytes_.substr(at_, table);
    at_ += table;
    if (id != 0) return public_id(id);
    const std::string_view text = name < strings_.size() ? strings_.substr(name) : std::string_view();
    if (!text.starts_with("-//SYNCML//DTD SyncML 1.")) return wrong("the document type is not SyncML");
    return true;
}

bool WbxmlReader::public_id(std::uint32_t number) {
    if (number == wbxml::syncml_1_2 || number == wbxml::syncml_1_1 || number == wbxml::syncml_1_0) return true;
    return wrong("the document type " + std::to_string(number) + " is not SyncML");
}

bool WbxmlReader::body() {
    while (at_ < bytes_.size()) {
        token_at_ = at_;
        if (builder_.saw_root() && open_.empty()) return wrong("more bytes follow the end of the document");
        builder_.progress(at_);
        if (!step(static_cast<unsigned char>(bytes_[at_++]))) return false;
    }
    token_at_ = bytes_.size();
    if (!builder_.saw_root()) return wrong("the message is empty");
    return open_.empty() || wrong("the message is cut off inside <" + std::string(name_of(open_.back())) + ">");
}

bool WbxmlReader::step(unsigned char token) {
    switch (token) {
        case wbxml::switch_page: {
            unsigned char page = 0;
            if (!byte(page)) return false;
            if (page >= pages) return wrong("there is no code page " + std::to_string(page));
            page_ = page;
            return true;
        }
        case wbxml::end:
            return end_element();
        case wbxml::entity:
            return entity();
        case wbxml::str_i:
            return inline_string();
        case wbxml::str_t:
            return table_string();
        case wbxml::opaque:
            return opaque();
        default:
            return element(token);
    }
}

bool WbxmlReader::element(unsigned char token) {
    const Tag tag = tag_at(page_, token & 0x3Fu);
    const std::string_view name = name_of(tag);
    if ((token & wbxml::has_attributes) != 0 || name.empty()) {
        return wrong("the token 0x" + to_hex({reinterpret_cast<const char*>(&token), 1}) + " is not used in SyncML");
    }
    const bool content = (token & wbxml::has_content) != 0;
    if (!builder_.in_data()) {
        if (page_ == 2) return wrong("<" + std::string(name) + "> of a device description stands outside of Data");
        if (!passed(builder_.start(tag, name, false))) return false;
        if (!content && !passed(builder_.end())) return false;
    } else {
        std::string markup = "<";
        markup += name;
        const unsigned around = page_of(open_.back());
        if (page_ != around) ((markup += " xmlns=\"") += namespace_of(page_)) += '"';
        if (!passed(builder_.markup_start(markup))) return false;
        if (!content && !passed(builder_.markup_end(name))) return false;
    }
    if (content) open_.push_back(tag);
    return true;
}

bool WbxmlReader::end_element() {
    if (open_.empty()) return wrong("an element ends that has not begun");
    const Tag tag = open_.back();
    open_.pop_back();
    return passed(builder_.in_markup() ? builder_.markup_end(name_of(tag)) : builder_.end());
}

bool WbxmlReader::text(std::string_view text) {
    if (open_.empty()) return wrong("text stands outside of the document");
    if (!valid_utf8(text)) return wrong("a text is not UTF-8");
    return passed(builder_.text(text));
}

bool WbxmlReader::inline_string() {
    const auto end = bytes_.find('\0', at_);
    if (end == std::string_view::npos) return wrong("a text has no end");
    const std::string_view found = bytes_.substr(at_, end - at_);
    at_ = end + 1;
    return text(found);
}

bool WbxmlReader::table_string() {
    std::uint32_t index = 0;
    if (!number(index)) return false;
    const auto end = index < strings_.size() ? strings_.find('\0', index) : std::string_view::npos;
    if (end == std::string_view::npos) return wrong("a text is not in the string table");
    return text(strings_.substr(index, end - index));
}

bool WbxmlReader::entity() {
    std::uint32_t code = 0;
    if (!number(code)) return false;
    if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
        return wrong("there is no character " + std::to_string(code));
    }
    std::string character;
    append_utf8(character, code);
    return text(character);
}

bool WbxmlReader::opaque() {
    std::uint32_t length = 0;
    if (!number(length)) return false;
    if (length > bytes_.size() - at_) return wrong("opaque data is longer than the message");
    const std::string_view data = bytes_.substr(at_, length);
    at_ += length;
    if (open_.empty()) return wrong("data stands outside of the document");
    const bool binary = builder_.in_data() && !builder_.in_markup();
    if (!binary && !valid_utf8(data)) return wrong("opaque data is not text where only text can be");
    return passed(builder_.verbatim(data));
}

Result<Message> WbxmlReader::run() {
    if (bytes_.empty()) return Error{Fault::malformed, "byte 0: the message is empty", {}};
    if (bytes_.size() > limits_.bytes) {
        fail(Fault::too_large,
             "the message has " + std::to_string(bytes_.size()) + " bytes, more than " + std::to_string(limits_.bytes));
        return std::move(error_);
    }
    if (!header() || !body()) return std::move(error_);
    return builder_.take();
}

}  // namespace

Result<Message> read_wbxml(std::string_view bytes, const Limits& limits) {
    return WbxmlReader(bytes, limits).run();
}

}  // namespace steward::syncml
