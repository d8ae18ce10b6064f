#include "csp/value.h"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "platform/base/bytes.h"
#include "platform/base/text.h"

namespace steward::csp {
namespace {

constexpr std::array<std::string_view, 11> names = {"node", "chr",  "int",  "bool", "b64",  "bin",
                                                    "xml",  "null", "date", "time", "float"};

Error not_acceptable(std::string_view text, const std::string& expected) {
    constexpr std::size_t shown = 80;
    std::string quoted(text.substr(0, shown));
    if (text.size() > shown) quoted += "…";
    return {Fault::invalid, "\"" + quoted + "\" is not acceptable here: " + expected + " is expected.", quoted};
}

Result<std::string> canonical_integer(std::string_view text) {
    const auto number = to_integer(trim(text));
    if (!number || *number < std::numeric_limits<std::int32_t>::min() ||
        *number > std::numeric_limits<std::uint32_t>::max()) {
        return not_acceptable(text, "a 32-bit whole number");
    }
    return to_text(*number);
}

Result<std::string> canonical_boolean(std::string_view text) {
    const auto word = trim(text);
    if (word == "1" || same_ignoring_case(word, "true")) return std::string("true");
    if (word == "0" || same_ignoring_case(word, "false")) return std::string("false");
    return not_acceptable(text, "true or false");
}

Result<std::string> canonical_text(Format format, std::string_view text) {
    switch (format) {
        case Format::integer:
            return canonical_integer(text);
        case Format::boolean:
            return canonical_boolean(text);
        case Format::b64:
        case Format::bin: {
            const auto raw = from_base64(text);
            if (!raw) return not_acceptable(text, "base64 text");
            return to_base64(*raw);
        }
        case Format::real: {
            const auto word = trim(text);
            double number = 0;
            const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
            if (error != std::errc{} || end != word.data() + word.size() || !std::isfinite(number)) {
                return not_acceptable(text, "a decimal number");
            }
            return std::string(word);
        }
        case Format::node:
        case Format::null:
            if (!trim(text).empty()) return not_acceptable(text, "no value");
            return std::string();
        default:
            return std::string(text);
    }
}

Outcome acceptable(const Allowed& allowed, std::string_view part) {
    switch (allowed.kind) {
        case Allowed::Kind::any:
            return {};
        case Allowed::Kind::range: {
            const auto number = to_integer(part);
            if (number && *number >= allowed.min && *number <= allowed.max) return {};
            break;
        }
        case Allowed::Kind::one_of:
            for (const auto& choice : allowed.choices) {
                if (choice.value == part) return {};
            }
            break;
        case Allowed::Kind::flags: {
            auto rest = to_integer(part);
            if (!rest || *rest < 0) break;
            for (const auto& choice : allowed.choices) *rest &= ~to_integer(choice.value).value_or(0);
            if (*rest == 0) return {};
            break;
        }
        case Allowed::Kind::check:
            return allowed.check(part);
    }
    return not_acceptable(part, allowed.describe());
}

}  // namespace

std::string_view name_of(Format format) {
    return names[static_cast<std::size_t>(format)];
}

std::optional<Format> format_named(std::string_view text) {
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (same_ignoring_case(names[i], text)) return static_cast<Format>(i);
    }
    return std::nullopt;
}

std::string Allowed::describe() const {
    std::string text;
    switch (kind) {
        case Kind::any:
            text = "any value";
            break;
        case Kind::range:
            text = "a whole number from " + to_text(min) + " to " + to_text(max);
            break;
        case Kind::one_of:
        case Kind::flags:
            text = kind == Kind::one_of ? "one of " : "a sum of ";
            for (const auto& choice : choices) {
                if (&choice != &choices.front()) text += ", ";
                text += choice.value;
                if (!choice.meaning.empty()) text += " (" + choice.meaning + ")";
            }
            break;
        case Kind::check:
            text = name;
            break;
    }
    return delimiter.empty() ? text : "a list separated by \"" + delimiter + "\", each " + text;
}

Result<std::string> canonical(Format format, const Allowed& allowed, std::string_view text) {
    auto made = canonical_text(format, text);
    if (!made || allowed.kind == Allowed::Kind::any) return made;
    if (allowed.delimiter.empty()) {
        if (auto fits = acceptable(allowed, *made); !fits) return fits.error();
        return made;
    }
    std::string_view rest = *made;
    for (;;) {
        const auto at = rest.find(allowed.delimiter);
        if (auto fits = acceptable(allowed, rest.substr(0, at)); !fits) return fits.error();
        if (at == std::string_view::npos) return made;
        rest.remove_prefix(at + allowed.delimiter.size());
    }
}

bool same_value(Format format, std::string_view a, std::string_view b) {
    if (a == b) return true;
    const auto left = canonical_text(format, a), right = canonical_text(format, b);
    return left && right && *left == *right;
}

Result<std::int64_t> parse(std::string_view text, std::int64_t*) {
    const auto number = to_integer(text);
    if (!number) return not_acceptable(text, "a whole number");
    return *number;
}

Result<int> parse(std::string_view text, int*) {
    const auto number = to_integer(text);
    if (!number || *number < std::numeric_limits<int>::min() || *number > std::numeric_limits<int>::max()) {
        return not_acceptable(text, "a 32-bit whole number");
    }
    return static_cast<int>(*number);
}

Result<bool> parse(std::string_view text, bool*) {
    const auto made = canonical_boolean(text);
    if (!made) return made.error();
    return *made == "true";
}

Result<std::string> parse(std::string_view text, std::string*) {
    return std::string(text);
}

}  // namespace steward::csp
