#include "agent/tree/uri.h"

#include "platform/base/bytes.h"
#include "platform/base/text.h"

namespace steward::tree {
namespace {

Error malformed(std::string_view uri, std::string why) {
    return {Fault::malformed, "The URI cannot name a node: " + std::move(why), std::string(uri.substr(0, 200))};
}

// RFC 3986 unreserved characters and what real node names hold unescaped.
bool plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.' || c == '~' || c == ':' || c == '@' || c == '!' || c == '(' || c == ')' || c == '+' || c == ',' ||
           c == '=' || c == '*' || static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

Outcome Uri::parse(std::string_view text) {
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
    if (path.empty()) return malformed(whole, "it is empty.");
    if (path.front() == '/') return malformed(whole, "it begins with \"/\" instead of \"./\".");
    if (path == ".") return {};
    if (path.starts_with("./")) path.remove_prefix(2);
    if (path.find('%') != std::string_view::npos) decoded_.reserve(path.size());  // views into it must stay valid
    for (;;) {
        const auto slash = path.find('/');
        if (auto added = add(path.substr(0, slash), whole); !added) return added;
        if (slash == std::string_view::npos) return {};
        path.remove_prefix(slash + 1);
    }
}

Outcome Uri::add(std::string_view segment, std::string_view whole) {
    if (segment.empty()) return malformed(whole, "a segment is empty.");
    if (segment.find('%') != std::string_view::npos) {
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
    if (segment == "." || segment == ".." || segment == "*") {
        return malformed(whole, "\"" + std::string(segment) + "\" is no name of a node.");
    }
    if (segment.size() > max_segment_length || count_ + 1 >= max_uri_segments) {
        return Error{Fault::uri_too_long, "The URI has too many or too long segments.",
                     std::string(whole.substr(0, 200))};
    }
    if (!valid_utf8(segment)) return malformed(whole, "a segment is not UTF-8 text.");
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
    text.reserve(segment.size());
    for (const char c : segment) {
        if (plain(c)) {
            text += c;
        } else {
            text += '%';
            const std::string hex = to_hex(std::string_view(&c, 1));
            text += static_cast<char>(hex[0] >= 'a' ? hex[0] - 32 : hex[0]);
            text += static_cast<char>(hex[1] >= 'a' ? hex[1] - 32 : hex[1]);
        }
    }
    return text;
}

}  // namespace steward::tree
