#include "platform/base/bytes.h"

#include <array>
#include <cstdint>

namespace steward {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t bad = 0xff, blank = 0xfe;

constexpr std::array<std::uint8_t, 256> reverse_alphabet() {
    std::array<std::uint8_t, 256> table{};
    table.fill(bad);
    for (std::size_t i = 0; i < alphabet.size(); ++i) {
        table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
    }
    for (const char c : {' ', '\t', '\r', '\n'}) table[static_cast<unsigned char>(c)] = blank;
    return table;
}

int nibble(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

std::string to_base64(std::string_view raw) {
    std::string text;
    text.reserve((raw.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < raw.size(); i += 3) {
        const auto byte = [&](std::size_t at) {
            return at < raw.size() ? static_cast<std::uint32_t>(static_cast<unsigned char>(raw[at])) : 0U;
        };
        const std::uint32_t group = byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2);
        text += alphabet[group >> 18];
        text += alphabet[group >> 12 & 63];
        text += i + 1 < raw.size() ? alphabet[group >> 6 & 63] : '=';
        text += i + 2 < raw.size() ? alphabet[group & 63] : '=';
    }
    return text;
}

std::optional<std::string> from_base64(std::string_view text) {
    static constexpr auto values = reverse_alphabet();
    std::string raw;
    raw.reserve(text.size() / 4 * 3);
    std::uint32_t group = 0;
    int filled = 0, padding = 0;
    for (const char c : text) {
        if (c == '=') {
            ++padding;
            continue;
        }
        const std::uint8_t value = values[static_cast<unsigned char>(c)];
        if (value == blank) continue;
        if (value == bad || padding > 0) return std::nullopt;
        group = group << 6 | value;
        if (++filled == 4) {
            raw += static_cast<char>(group >> 16 & 0xff);
            raw += static_cast<char>(group >> 8 & 0xff);
            raw += static_cast<char>(group & 0xff);
            group = 0;
            filled = 0;
        }
    }
    if (filled == 1 || padding > 2 || (filled + padding) % 4 != 0) return std::nullopt;
    if (filled >= 2) raw += static_cast<char>(group >> (filled == 2 ? 4 : 10) & 0xff);
    if (filled == 3) raw += static_cast<char>(group >> 2 & 0xff);
    return raw;
}

std::string to_hex(std::string_view raw) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(raw.size() * 2);
    for (const char c : raw) {
        text += digits[static_cast<unsigned char>(c) >> 4];
        text += digits[static_cast<unsigned char>(c) & 15];
    }
    return text;
}

std::optional<std::string> from_hex(std::string_view text) {
    if (text.size() % 2 != 0) return std::nullopt;
    std::string raw;
    raw.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = nibble(text[i]), low = nibble(text[i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        raw += static_cast<char>(high * 16 + low);
    }
    return raw;
}

}  // namespace steward
