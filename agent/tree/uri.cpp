#include "agent/tree/uri.h"

#include "platform/base/bytes.h"
#include "platform/base/text.h"

namespace steward::tree {
namespace {

Error malformed(std::string_view uri, std::string why) {
    return {Fault::malformed, "The URI cannot name a node: " + std::move(why), std::string(uri.substr(0, 200))};
}

// RFC 3986 unreserved characters and what real node names hold unescaped.
constexpr bool plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.' || c == '~' || c == ':' || c == '@' || c == '!' || c == '(' || c == ')' || c == '+' || c == ',' ||
           c == '=' || c == '*' || static_cast<unsigned char>(c) >= 0x80;
}

// What the characters of a segment ask for, as bits: one look at each tells whether any other look is needed.
constexpr unsigned char escape = 1, reserved = 2, not_ascii = 4;

constexpr auto traits = [] {
    std::array<unsigned char, 256> all{};
    for (unsigned byte = 0; byte < all.size(); ++byte) {
        if (!plain(static_cast<char>(byte))) all[byte] |= reserved;
        if (byte == 0 || byte >= 0x80) all[byte] |= not_ascii;
        if (byte == '%') all[byte] |= escape;
    }
    return all;
}();

unsigned char traits_of(char c) {
    return traits[static_cast<unsigned char>(c)];
}

}  // namespace

Outcome Uri::parse(std::string_view text, std::size_t known_bytes, std::size_t known_segments) {
    first_ = count_ = known_segments;
    plain_ = true;
    property_ = list_ = {};
    decoded_.clear();
    const std::string_view whole = trim(text);
    if (whole.size() > max_uri_length) {
        return Error{Fault::uri_too_long,
                     "The URI has " + std::to_string(whole.size()) + " bytes; the limit is " +
                         std::to_string(max_uri_length) + ".",
                     std::string(whole.substr(0, 200))};
    }
    std::string_view path = whole;
    if (const auto mark = path.find('?'); mark != std::string_view::npos) {
        if (auto query = parse_query(path.substr(mark + 1), whole); !query) return query;
        path = path.substr(0, mark);
    }
    if (known_bytes != 0) {
        path.remove_prefix(known_bytes);
    } else {
        if (path.empty()) return malformed(whole, "it is empty.");
        if (path.front() == '/') return malformed(whole, "it begins with \"/\" instead of \"./\".");
        if (path == ".") return {};
        if (path.starts_with("./")) path.remove_prefix(2);
    }
    for (;;) {
        std::size_t length = 0;
        unsigned char seen = 0;
        for (; length < path.size() && path[length] != '/'; ++length) seen |= traits_of(path[length]);
        if (auto added = add(path.substr(0, length), seen, whole); !added) return added;
        if (length == path.size()) return {};
        path.remove_prefix(length + 1);
    }
}

// seen: the traits of the segment's characters.
Outcome Uri::add(std::string_view segment, unsigned char seen, std::string_view whole) {
    if (segment.empty()) return malformed(whole, "a segment is empty.");
    plain_ = plain_ && (seen & reserved) == 0;
    if ((seen & escape) != 0) {
        decoded_.reserve(whole.size());  // views into it must stay valid
        const std::size_t start = decoded_.size();
        for (std::size_t i = 0; i < segment.size(); ++i) {
            if (segment[i] != '%') {
                decoded_ += segment[i];
                continue;
            }
            const auto byte = from_hex(segment.substr(i + 1, 2));
            if (!byte || byte->size() != 1) return malformed(whole, "\"%\" is not followed by two hexadecimal digits.");
            decoded_ += *byte;
            i += 2;
        }
        segment = std::string_view(decoded_).substr(start);
    }
    if (segment.size() <= 2 && (segment == "." || segment == ".." || segment == "*")) {
        return malformed(whole, "\"" + std::string(segment) + "\" is no name of a node.");
    }
    if (segment.size() > max_segment_length || count_ + 1 >= max_uri_segments) {
        return Error{Fault::uri_too_long, "The URI has too many or too long segments.",
                     std::string(whole.substr(0, 200))};
    }
    if ((seen & (escape | not_ascii)) != 0 && !valid_utf8(segment)) {
        return malformed(whole, "a segment is not UTF-8 text.");
    }
    // ./Vendor and ./Device/Vendor are the same nodes.
    if (count_ == 0 && same_ignoring_case(segment, "Vendor")) segments_[count_++] = "Device";
    segments_[count_++] = segment;
    return {};
}

Outcome Uri::parse_query(std::string_view query, std::string_view whole) {
    const auto equals = query.find('=');
    const auto key = query.substr(0, equals);
    const auto value = equals == std::string_view::npos ? std::string_view{} : query.substr(equals + 1);
    if (!value.empty() && same_ignoring_case(key, "prop")) {
        property_ = value;
        return {};
    }
    if (!value.empty() && same_ignoring_case(key, "list")) {
        list_ = value;
        return {};
    }
    return malformed(whole, "only ?prop= and ?list= may follow a path.");
}

std::string encode_segment(std::string_view segment) {
    std::string text;
    append_segment(text, segment);
    return text;
}

void append_segment(std::string& uri, std::string_view segment) {
    while (!segment.empty()) {
        std::size_t run = 0;
        while (run < segment.size() && (traits_of(segment[run]) & reserved) == 0) ++run;
        uri += segment.substr(0, run);
        if (run == segment.size()) return;
        constexpr std::string_view digits = "0123456789ABCDEF";
        const auto byte = static_cast<unsigned char>(segment[run]);
        ((uri += '%') += digits[byte >> 4]) += digits[byte & 0xF];
        segment.remove_prefix(run + 1);
    }
}

}  // namespace steward::tree
