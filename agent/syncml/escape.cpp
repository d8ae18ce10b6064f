#include "agent/syncml/escape.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <limits>

#include "agent/syncml/output.h"
#include "platform/base/text.h"

namespace steward::syncml {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

enum class Kind : std::uint8_t { plain, blank, markup, quote, other };

constexpr auto kinds = [] {
    std::array<Kind, 256> all{};
    for (unsigned byte = 0; byte < 256; ++byte) {
        if (byte < 0x20 || byte >= 0x80) all[byte] = Kind::other;
    }
    all['\t'] = all['\n'] = Kind::blank;
    all['\r'] = all['&'] = all['<'] = all['>'] = Kind::markup;
    all['"'] = Kind::quote;
    return all;
}();

Kind kind_of(char byte) {
    return kinds[static_cast<unsigned char>(byte)];
}

std::string_view reference(char byte) {
    switch (byte) {
        case '&':
            return "&amp;";
        case '<':
            return "&lt;";
        case '>':
            return "&gt;";
        case '"':
            return "&quot;";
        case '\r':
            return "&#13;";
        case '\n':
            return "&#10;";
        default:
            return "&#9;";
    }
}

// Bytes of the XML character in front, one that is a control or not ASCII; 0: there is none.
std::size_t legal_length(std::string_view text) {
    const std::size_t length = utf8_length(text);
    if (length < 2) return 0;
    return length == 3 && (text.starts_with("\xEF\xBF\xBE") || text.starts_with("\xEF\xBF\xBF")) ? 0 : length;
}

constexpr std::size_t block = 16;

// As content; in an attribute a quote must be escaped.
bool plain(char c) {
    return kind_of(c) == Kind::plain || kind_of(c) == Kind::quote;
}

// Without a branch per byte, so that the compiler makes it a few vector instructions.
bool plain_block(const char* text) {
    std::array<unsigned char, block> not_plain;
    for (std::size_t i = 0; i < block; ++i) {
        const auto c = static_cast<signed char>(text[i]);  // below 0: not ASCII
        not_plain[i] = static_cast<unsigned char>((c < ' ') | (c == '&') | (c == '<') | (c == '>'));
    }
    std::array<std::uint64_t, block / sizeof(std::uint64_t)> words;
    static_assert(sizeof words == block);
    std::memcpy(words.data(), not_plain.data(), block);
    return std::all_of(words.begin(), words.end(), [](std::uint64_t word) { return word == 0; });
}

// The same for what is shorter than a block, all its bytes in one word: bit 7 of a byte shows what is not plain. A
// borrow reaches the next byte only from one that is not plain itself.
bool plain_word(std::uint64_t word) {
    constexpr std::uint64_t each = 0x0101'0101'0101'0101;
    const std::uint64_t ampersand = word ^ (each * '&');
    const std::uint64_t angle = (word | (each * 2)) ^ (each * '>');  // '<' and '>' differ in that bit
    static_assert(('<' | 2) == '>');
    return ((word | (word - each * ' ') | (ampersand - each) | (angle - each)) & (each * 0x80)) == 0;
}

// A text of one to two Words; they may overlap.
template <class Word>
char* copy_words(char* to, std::string_view text) {
    Word first, last;
    const std::size_t second = text.size() - sizeof(Word);
    std::memcpy(&first, text.data(), sizeof first);
    std::memcpy(&last, text.data() + second, sizeof last);
    std::memcpy(to, &first, sizeof first);
    std::memcpy(to + second, &last, sizeof last);
    if constexpr (sizeof(Word) == sizeof(std::uint64_t)) {
        if (!plain_word(first) || !plain_word(last)) return nullptr;
    } else {
        std::uint64_t both = std::numeric_limits<std::uint64_t>::max() / 0xFF * ' ';  // what is left of it is blanks
        std::memcpy(&both, &first, sizeof first);
        std::memcpy(reinterpret_cast<char*>(&both) + sizeof first, &last, sizeof last);
        if (!plain_word(both)) return nullptr;
    }
    return to + text.size();
}

// For a text as long as a block or longer; the last block may overlap the one before.
char* copy_blocks(char* to, std::string_view text) {
    const auto copy = [&](std::size_t at) {
        std::memcpy(to + at, text.data() + at, block);
        return plain_block(text.data() + at);
    };
    const std::size_t last = text.size() - block;
    for (std::size_t at = 0; at < last; at += block) {
        if (!copy(at)) return nullptr;
    }
    return copy(last) ? to + text.size() : nullptr;
}

// Calls piece(text, consumed) for every run of plain text and every escaped character, until it says false.
template <class Piece>
void each_piece(std::string_view text, bool attribute, Piece piece) {
    while (!text.empty()) {
        std::size_t run = 0;
        while (run < text.size()) {
            const Kind kind = kind_of(text[run]);
            if (kind == Kind::plain || (!attribute && (kind == Kind::blank || kind == Kind::quote))) {
                ++run;
                continue;
            }
            const std::size_t length = kind == Kind::other ? legal_length(text.substr(run)) : 0;
            if (length == 0) break;
            run += length;
        }
        if (run > 0 && !piece(text.substr(0, run), run)) return;
        text.remove_prefix(run);
        if (text.empty()) return;
        if (!piece(kind_of(text[0]) == Kind::other ? replacement : reference(text[0]), std::size_t{1})) return;
        text.remove_prefix(1);
    }
}

template <class Out>
void append_pieces(Out& out, std::string_view text, bool attribute) {
    each_piece(text, attribute, [&](std::string_view piece, std::size_t) {
        out += piece;
        return true;
    });
}

}  // namespace

bool is_plain(std::string_view text) {
    for (; text.size() >= block; text.remove_prefix(block)) {
        if (!plain_block(text.data())) return false;
    }
    return std::all_of(text.begin(), text.end(), plain);
}

char* copy_plain(char* to, std::string_view text) {
    if (text.size() >= block) return copy_blocks(to, text);
    if (text.size() >= 8) return copy_words<std::uint64_t>(to, text);
    if (text.size() >= 4) return copy_words<std::uint32_t>(to, text);
    if (text.size() >= 2) return copy_words<std::uint16_t>(to, text);
    if (text.empty()) return to;
    *to = text.front();
    return plain(text.front()) ? to + 1 : nullptr;
}

void append_escaped(std::string& out, std::string_view text) {
    append_pieces(out, text, false);
}

void append_escaped(Output& out, std::string_view text) {
    append_pieces(out, text, false);
}

std::size_t escaped_size(std::string_view text) {
    if (is_plain(text)) return text.size();
    std::size_t size = 0;
    each_piece(text, false, [&](std::string_view piece, std::size_t) {
        size += piece.size();
        return true;
    });
    return size;
}

void append_escaped_attribute(std::string& out, std::string_view text) {
    append_pieces(out, text, true);
}

void append_escaped_attribute(Output& out, std::string_view text) {
    append_pieces(out, text, true);
}

std::size_t escaped_prefix(std::string_view text, std::size_t budget) {
    std::size_t taken = 0;
    each_piece(text, false, [&](std::string_view piece, std::size_t consumed) {
        if (piece.size() <= budget) {
            budget -= piece.size();
            taken += consumed;
            return true;
        }
        if (consumed == piece.size()) {  // a run of plain text, cut at a character
            while (budget > 0 && (static_cast<unsigned char>(piece[budget]) & 0xC0u) == 0x80u) --budget;
            taken += budget;
        }
        return false;
    });
    return taken;
}

std::string legal(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const bool other = kind_of(text[at]) == Kind::other;
        const std::size_t length = other ? legal_length(text.substr(at)) : 1;
        out += length == 0 ? replacement : text.substr(at, length);
        at += length == 0 ? 1 : length;
    }
    return out;
}

}  // namespace steward::syncml
