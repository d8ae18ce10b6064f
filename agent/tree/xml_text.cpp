#include "agent/tree/xml_text.h"

#include "agent/syncml/escape.h"

namespace steward::tree {

std::string xml_element(std::string_view name, std::string_view text) {
    std::string out = "<";
    out.append(name).append(1, '>');
    syncml::append_escaped(out, text);
    return out.append("</").append(name).append(1, '>');
}

std::string xml_attribute(std::string_view text) {
    std::string out;
    syncml::append_escaped_attribute(out, text);
    return out;
}

}  // namespace steward::tree
