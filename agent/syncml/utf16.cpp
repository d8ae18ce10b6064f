#include "agent/syncml/utf16.h"

#include "platform/base/text.h"

namespace steward::syncml {
std::optional<ByteOrder> utf16_order(std::string_view bytes) {
    using std::string_view_literals::operator""sv;
    if (bytes.starts_with("\xFF\xFE"sv) || bytes.starts_with("<\0"sv)) return ByteOrder::little;
    if (bytes.starts_with("\xFE\xFF"sv) || bytes.starts_with("\0<"sv)) return ByteOrder::big;
    return std::nullopt;
}

std::optional<std::string> utf8_of_utf16(std::string_view bytes, ByteOrder order) {
    if (bytes.size() % 2 != 0) return std::nullopt;
    const auto unit = [&](std::size_t at) {
        const auto first = static_cast<unsigned char>(bytes[at]), second = static_cast<unsigned char>(bytes[at + 1]);
        return static_cast<char32_t>(order == ByteOrder::little ? second << 8 | first : first << 8 | second);
    };
    std::string out;
    out.reserve(bytes.size() / 2);
    for (std::size_t at = 0; at < bytes.size(); at += 2) {
        char32_t code = unit(at);
        if (at == 0 && code == 0xFEFF) continue;
        if (code >= 0xDC00 && code <= 0xDFFF) return std::nullopt;
        if (code >= 0xD800 && code <= 0xDBFF) {
            at += 2;
            if (at >= bytes.size()) return std::nullopt;
            const char32_t low = unit(at);
            if (low < 0xDC00 || low > 0xDFFF) return std::nullopt;
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
        }
        append_utf8(out, code);
    }
    return out;
}

}  // namespace steward::syncml
