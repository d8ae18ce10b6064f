#include "tests/support/describe.h"

#include <algorithm>
#include <array>

#include "platform/base/text.h"

namespace steward::transcript {
namespace {

constexpr std::string_view dots = "***";

std::string data_of(const syncml::Item& item) {
    if (!item.data) return {};
    const std::string& uri = item.target.empty() ? item.source : item.target;
    if (names_a_secret(uri)) return " = " + std::string(dots);
    std::string text = " = \"" + shorten(*item.data) + '"';
    if (item.data->size() > 60) text += " (" + std::to_string(item.data->size()) + " bytes)";
    return text;
}

std::string item_line(const syncml::Item& item) {
    std::string text;
    if (!item.source.empty()) text += ' ' + item.source;
    if (!item.source.empty() && !item.target.empty()) text += " ->";
    if (!item.target.empty()) text += ' ' + item.target;
    text += data_of(item);
    if (!item.meta.format.empty()) text += " [" + item.meta.format + ']';
    if (!item.meta.get().size.empty()) text += " size " + item.meta.get().size;
    if (item.more_data) text += " more follows";
    return text;
}

std::string element_of(const syncml::Command& command) {
    if (command.name != syncml::Name::unknown) return syncml::name_of(command.name);
    return '<' + command.get().element + '>';
}

std::string challenge_of(const syncml::Command& command) {
    const auto& chal = command.get().chal;
    if (!chal) return {};
    return " challenge " + chal->type + (chal->get().next_nonce.empty() ? "" : " with a nonce");
}

void describe_all(const std::vector<syncml::Command>& commands, std::size_t depth, std::vector<std::string>& lines) {
    for (const auto& command : commands) {
        lines.push_back(std::string(2 + 2 * depth, ' ') + describe(command));
        if (depth < 16) describe_all(command.children, depth + 1, lines);
    }
}

// Replaces the text between each pair of these tags.
void blank_out(std::string& xml, std::string_view open, std::string_view close) {
    for (std::size_t at = 0; (at = xml.find(open, at)) != std::string::npos;) {
        const auto begin = xml.find('>', at);
        if (begin == std::string::npos) return;
        if (xml[begin - 1] == '/') {
            at = begin;
            continue;
        }
        const auto end = xml.find(close, begin);
        if (end == std::string::npos) return;
        xml.replace(begin + 1, end - begin - 1, dots);
        at = begin;
    }
}

// The Data of an element that begins at `at` and ends with `close`.
void blank_out_data(std::string& xml, std::size_t at, std::string_view close) {
    const auto end = xml.find(close, at);
    const auto data = xml.find("<Data", at);
    const auto last = end == std::string::npos ? std::string::npos : xml.rfind("</Data>", end);
    if (data == std::string::npos || last == std::string::npos || data > last) return;
    const auto begin = xml.find('>', data);
    if (begin < last) xml.replace(begin + 1, last - begin - 1, dots);
}

}  // namespace

std::string shorten(std::string_view text, std::size_t most) {
    std::string shown;
    for (const char c : text.substr(0, most)) {
        if (c == '\n') {
            shown += "\\n";
        } else if (c == '\r') {
            shown += "\\r";
        } else if (c == '\t') {
            shown += "\\t";
        } else if (static_cast<unsigned char>(c) < 0x20) {
            shown += '?';
        } else {
            shown += c;
        }
    }
    while (text.size() > most && !valid_utf8(shown)) shown.pop_back();
    if (text.size() > most) shown += "...";
    return shown;
}

bool names_a_secret(std::string_view uri) {
    constexpr std::array<std::string_view, 6> words = {"secret",     "password",   "authdata",
                                                       "passphrase", "privatekey", "psk"};
    const std::string name = lower(uri.substr(uri.rfind('/') + 1));
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return name.find(word) != std::string::npos; });
}

std::string describe(const syncml::Command& command) {
    const auto& rare = command.get();
    std::string text = element_of(command);
    if (!command.cmd_id.empty()) text += " #" + command.cmd_id;
    if (command.name == syncml::Name::status || command.name == syncml::Name::results) {
        text += ' ' + command.data + (command.data.empty() ? "for " : " for ") +
                (rare.cmd.empty() ? "command" : rare.cmd) + " #" + rare.cmd_ref + " of message " + rare.msg_ref;
        for (const auto& target : rare.target_refs) text += ' ' + target;
        if (!rare.original_error.empty()) text += " original error " + rare.original_error;
        text += challenge_of(command);
    } else if (!command.data.empty()) {
        text += ' ' + command.data;
    }
    constexpr std::size_t shown = 4;
    for (std::size_t i = 0; i < std::min(shown, command.items.size()); ++i) {
        text += (i == 0 ? ":" : ";") + item_line(command.items[i]);
    }
    if (command.items.size() > shown) text += "; and " + std::to_string(command.items.size() - shown) + " items more";
    return text;
}

std::vector<std::string> describe(const syncml::Message& message) {
    const auto& header = message.header;
    std::string first = "session " + header.session_id + " message " + header.msg_id + " from " + header.source.uri;
    if (!header.source.name.empty()) first += " (" + header.source.name + ')';
    if (header.cred) first += " with " + header.cred->meta.type;
    if (!header.meta.get().max_msg_size.empty()) first += " MaxMsgSize " + header.meta.get().max_msg_size;
    if (!header.resp_uri.empty()) first += " RespURI " + header.resp_uri;
    std::vector<std::string> lines{std::move(first)};
    describe_all(message.commands, 0, lines);
    if (message.final) lines.emplace_back("  Final");
    return lines;
}

std::string redact(std::string_view text) {
    std::string xml(text);
    blank_out(xml, "<NextNonce", "</NextNonce>");
    for (std::size_t at = 0; (at = xml.find("<Cred>", at)) != std::string::npos; ++at)
        blank_out_data(xml, at, "</Cred>");
    for (std::size_t at = 0; (at = xml.find("<LocURI>", at)) != std::string::npos; ++at) {
        const auto end = xml.find("</LocURI>", at);
        if (end == std::string::npos) break;
        if (names_a_secret(std::string_view(xml).substr(at + 8, end - at - 8))) blank_out_data(xml, at, "</Item>");
    }
    return xml;
}

}  // namespace steward::transcript
