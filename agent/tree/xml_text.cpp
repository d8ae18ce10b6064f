#include "agent/tree/xml_text.h"

namespace steward::tree {

std::string xml_text(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            default:
                // Characters that XML cannot hold at all become the replacement character.
                if (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r') {
                    out += "\xef\xbf\xbd";
                } else {
                    out += c;
                }
        }
    }
    return out;
}

std::string xml_element(std::string_view name, std::string_view text) {
    std::string out = "<";
    out += name;
    out += '>';
    out += xml_text(text);
    out += "</";
    out += name;
    out += '>';
    return out;
}

}  // namespace steward::tree
