#include "agent/control/request.h"

#include <algorithm>

#include "platform/base/text.h"

namespace steward::control {
namespace {

bool printable(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x20; });
}

}  // namespace

Result<std::optional<std::vector<std::string>>> RequestReader::feed(std::string_view bytes) {
    for (const char byte : bytes) {
        if (byte != '\n') {
            if (line_.size() == longest_line) return Error{Fault::too_large, "A word of the request is too long.", {}};
            line_ += byte;
            continue;
        }
        if (line_.empty()) {
            if (words_.empty()) return Error{Fault::malformed, "The request has no words.", {}};
            return std::optional(std::exchange(words_, {}));
        }
        if (words_.size() == most_words) return Error{Fault::too_large, "The request has too many words.", {}};
        if (!printable(line_)) return Error{Fault::malformed, "The request holds control characters.", {}};
        words_.push_back(std::exchange(line_, {}));
    }
    return std::optional<std::vector<std::string>>();
}

Result<std::string> encode(const std::vector<std::string>& words) {
    std::string bytes;
    for (const auto& word : words) {
        if (word.empty() || !printable(word)) {
            return Error{Fault::malformed, "A word for the service is empty or holds a line break.", {}};
        }
        bytes += word + "\n";
    }
    return bytes + "\n";
}

std::string encode(const Line& line) {
    if (line.kind == Line::Kind::exit) return "exit " + std::to_string(line.code) + "\n";
    std::string bytes;
    std::string_view text = line.text;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        bytes += line.kind == Line::Kind::out ? "out " : "err ";
        bytes += text.substr(0, end);
        bytes += '\n';
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return bytes;
}

std::optional<Line> decode(std::string_view line) {
    if (line.starts_with("out ")) return Line{Line::Kind::out, std::string(line.substr(4)), 0};
    if (line.starts_with("err ")) return Line{Line::Kind::err, std::string(line.substr(4)), 0};
    if (!line.starts_with("exit ")) return std::nullopt;
    const auto code = to_integer(line.substr(5));
    if (!code || *code < 0 || *code > 255) return std::nullopt;
    return Line{Line::Kind::exit, {}, static_cast<int>(*code)};
}

}  // namespace steward::control
