#include "tests/support/words.h"

namespace steward::transcript {
namespace {

constexpr bool blank(char c) {
    return c == ' ' || c == '\t';
}

Error bad(std::string what, std::string_view seen) {
    return {Fault::malformed, std::move(what), std::string(seen.substr(0, 120))};
}

// text begins with the opening quote; what was consumed is removed from it.
Result<std::string> quoted(std::string_view& text) {
    const auto whole = text;
    std::string value;
    text.remove_prefix(1);
    while (!text.empty()) {
        const char c = text.front();
        text.remove_prefix(1);
        if (c == '"') {
            if (!text.empty() && !blank(text.front()))
                return bad("text follows a closing quote without a blank", whole);
            return value;
        }
        if (c != '\\') {
            value += c;
            continue;
        }
        if (text.empty()) break;
        const char escaped = text.front();
        text.remove_prefix(1);
        switch (escaped) {
            case 'n':
                value += '\n';
                break;
            case 't':
                value += '\t';
                break;
            case '"':
            case '\\':
                value += escaped;
                break;
            default:
                value += {'\\', escaped};  // so that a regular expression can be quoted as it is
        }
    }
    return bad("a quote is not closed", whole);
}

std::string_view until_blank(std::string_view& text) {
    std::size_t end = 0;
    while (end < text.size() && !blank(text[end])) ++end;
    const auto taken = text.substr(0, end);
    text.remove_prefix(end);
    return taken;
}

Word::Is comparison(std::string& key, std::string_view& text) {
    text.remove_prefix(1);  // the equals sign
    Word::Is is = Word::Is::equal;
    if (!text.empty() && text.front() == '~') {
        text.remove_prefix(1);
        return Word::Is::like;
    }
    if (key.ends_with('!')) is = Word::Is::differs;
    if (key.ends_with('<')) is = Word::Is::at_most;
    if (key.ends_with('>')) is = Word::Is::at_least;
    if (is != Word::Is::equal) key.pop_back();
    return is;
}

}  // namespace

Result<std::vector<Word>> words(std::string_view line) {
    std::vector<Word> found;
    for (;;) {
        while (!line.empty() && blank(line.front())) line.remove_prefix(1);
        if (line.empty()) return found;
        Word word;
        std::size_t end = 0;
        while (end < line.size() && !blank(line[end]) && line[end] != '=') ++end;
        word.key = line.substr(0, end);
        line.remove_prefix(end);
        if (!line.empty() && line.front() == '=') {
            word.is = comparison(word.key, line);
            if (word.key.empty()) return bad("an equals sign has no key before it", line);
            if (!line.empty() && line.front() == '"') {
                auto value = quoted(line);
                if (!value) return value.error();
                word.value = std::move(*value);
            } else {
                word.value = until_blank(line);
            }
        }
        found.push_back(std::move(word));
    }
}

}  // namespace steward::transcript
