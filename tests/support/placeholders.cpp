#include "tests/support/placeholders.h"

#include "platform/base/text.h"

namespace steward::transcript {
namespace {

constexpr std::string_view repeat = "$REPEAT(";
constexpr int deepest = 8;

bool upper(char c) {
    return c >= 'A' && c <= 'Z';
}

std::string with_number(std::string_view text, std::int64_t number) {
    return fill_in(text, {{"N", std::to_string(number)}});
}

Result<std::string> expand(std::string_view text, std::size_t limit, int depth) {
    if (depth > deepest) return Error{Fault::too_large, "$REPEAT stands inside itself more than eight times", {}};
    std::string out;
    for (;;) {
        const auto start = text.find(repeat);
        out += text.substr(0, start);
        if (start == std::string_view::npos) return out;
        text.remove_prefix(start + repeat.size());

        const auto comma = text.find(',');
        const auto count = to_integer(trim(text.substr(0, comma)));
        if (comma == std::string_view::npos || !count || *count < 0) {
            return Error{Fault::malformed, "$REPEAT wants (count,text)", std::string(text.substr(0, 60))};
        }
        text.remove_prefix(comma + 1);
        std::size_t end = 0;
        for (int open = 1; end < text.size(); ++end) {
            if (text[end] == '(') ++open;
            if (text[end] == ')' && --open == 0) break;
        }
        if (end == text.size()) {
            return Error{Fault::malformed, "$REPEAT has no closing parenthesis", std::string(text.substr(0, 60))};
        }
        auto inner = expand(text.substr(0, end), limit, depth + 1);
        if (!inner) return inner;
        text.remove_prefix(end + 1);
        if (!inner->empty() && static_cast<std::uint64_t>(*count) > limit / inner->size()) {
            return Error{Fault::too_large, "$REPEAT would make more than " + std::to_string(limit) + " bytes", {}};
        }
        for (std::int64_t number = 1; number <= *count; ++number) out += with_number(*inner, number);
        if (out.size() > limit) {
            return Error{Fault::too_large, "$REPEAT would make more than " + std::to_string(limit) + " bytes", {}};
        }
    }
}

}  // namespace

Result<std::string> expand_repeats(std::string_view text, std::size_t limit) {
    return expand(text, limit, 0);
}

std::string fill_in(std::string_view text, const Values& values) {
    std::string out;
    out.reserve(text.size());
    for (;;) {
        const auto dollar = text.find('$');
        out += text.substr(0, dollar);
        if (dollar == std::string_view::npos) return out;
        text.remove_prefix(dollar + 1);
        std::size_t end = 0;
        while (end < text.size() && upper(text[end])) ++end;
        const auto found = values.find(text.substr(0, end));
        if (found == values.end()) {
            out += '$';
            continue;
        }
        out += found->second;
        text.remove_prefix(end);
    }
}

bool matches_exactly(std::string_view pattern, std::string_view text) {
    constexpr std::string_view any = "$ANY";
    const auto first = pattern.find(any);
    if (first == std::string_view::npos) return pattern == text;
    if (!text.starts_with(pattern.substr(0, first))) return false;
    text.remove_prefix(first);
    pattern.remove_prefix(first + any.size());
    for (;;) {
        const auto next = pattern.find(any);
        const auto literal = pattern.substr(0, next);
        if (next == std::string_view::npos) return text.size() >= literal.size() && text.ends_with(literal);
        const auto at = text.find(literal);
        if (at == std::string_view::npos) return false;
        text.remove_prefix(at + literal.size());
        pattern.remove_prefix(next + any.size());
    }
}

}  // namespace steward::transcript
