#include "agent/syncml/xml_sink.h"

#include <array>
#include <cstring>
#include <string>

#include "agent/syncml/escape.h"

namespace steward::syncml {
namespace {

// "<Name>" and "</Name>" of each element, so that a tag is one copy. MetInf elements carry their namespace. What is
// copied has a fixed size, which the compiler turns into a move or a few; what counts is its beginning.
struct alignas(128) Markup {  // so that its place in the table is a shift away
    std::array<char, 48> open{};
    std::array<char, 32> close{};
    unsigned char open_size = 0, close_size = 0;

    static constexpr std::size_t most = sizeof(open) + sizeof(close);
    char* begin(char* at) const { return copy(at, open, open_size); }
    char* end(char* at) const { return copy(at, close, close_size); }

    template <std::size_t room>
    static char* copy(char* at, const std::array<char, room>& text, std::size_t size) {
        constexpr std::size_t usual = 16;  // longer than most
        std::memcpy(at, text.data(), usual);
        if (size > usual) std::memcpy(at + usual, text.data() + usual, room - usual);
        return at + size;
    }
};

const std::array<Markup, 128> markup = [] {
    std::array<Markup, 128> all{};
    for (unsigned tag = 0; tag < all.size(); ++tag) {
        const std::string name(name_of(static_cast<Tag>(tag)));
        if (name.empty()) continue;
        const std::string space(namespace_of(1));
        const std::string open = "<" + name + (tag >> 6 == 1 ? " xmlns=\"" + space + "\">" : ">");
        const std::string close = "</" + name + ">";
        open.copy(all[tag].open.data(), all[tag].open.size());
        close.copy(all[tag].close.data(), all[tag].close.size());
        all[tag].open_size = static_cast<unsigned char>(open.size());
        all[tag].close_size = static_cast<unsigned char>(close.size());
    }
    return all;
}();

const Markup& of(Tag tag) {
    return markup[static_cast<unsigned>(tag)];
}

bool letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

// A name that came from a reader is fine; this keeps one that came from elsewhere from breaking the message.
bool is_name(std::string_view name) {
    if (name.empty() || !letter(name.front()) || legal(name) != name) return false;
    for (const char c : name) {
        if (!letter(c) && !(c >= '0' && c <= '9') && c != '.' && c != '-') return false;
    }
    return true;
}

}  // namespace

void XmlSink::open(Tag tag) {
    out_.end_at(of(tag).begin(out_.room(Markup::most)));
}

void XmlSink::close(Tag tag) {
    out_.end_at(of(tag).end(out_.room(Markup::most)));
}

void XmlSink::empty(Tag tag) {
    open(tag);
    out_.back() = '/';
    out_ += '>';
}

void XmlSink::leaf(Tag tag, std::string_view text) {
    const Markup& element = of(tag);
    char* const begin = element.begin(out_.room(Markup::most + text.size()));
    if (char* const end = copy_plain(begin, text)) return out_.end_at(element.end(end));
    out_.end_at(begin);
    append_escaped(out_, text);
    close(tag);
}

void XmlSink::data(std::string_view text) {
    if (text.empty()) return empty(Tag::data);
    leaf(Tag::data, text);
}

void XmlSink::status_data(std::string_view code, std::string_view original_error) {
    if (!microsoft_) {
        if (!code.empty()) leaf(Tag::data, code);
        return;
    }
    out_ += "<Data msft:originalerror=\"";
    append_escaped_attribute(out_, original_error);
    out_ += "\">";
    append_escaped(out_, code);
    close(Tag::data);
}

bool XmlSink::unknown(std::string_view name, bool open) {
    if (!is_name(name)) return false;
    ((out_ += open ? "<" : "</") += name) += '>';
    return true;
}

}  // namespace steward::syncml
