// Parts of the XML documents that the tree itself writes (DDF, TNDS).
#pragma once

#include <string>
#include <string_view>

namespace steward::tree {

std::string xml_element(std::string_view name, std::string_view text);  // <name>text</name>
std::string xml_attribute(std::string_view text);                       // to stand in double quotes

}  // namespace steward::tree
