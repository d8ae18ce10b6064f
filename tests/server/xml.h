// XML documents of enrolment clients as plain elements. The bytes are hostile: no DOCTYPE, no entities, nothing is
// fetched, and size, depth and number of elements are limited.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/result.h"

namespace steward::server {

struct Attribute {
    std::string space, name, value;
};

struct Element {
    std::string space;  // namespace URI; empty: none
    std::string name;   // local
    std::vector<Attribute> attributes;
    std::string text;  // what stands directly inside, without blanks at both ends
    std::vector<Element> children;

    const Element* child(std::string_view local) const;  // the first of that local name; nullptr: none
    // Children's children: find({"Body", "Discover", "request"}).
    const Element* find(std::initializer_list<std::string_view> path) const;
    std::string text_at(std::initializer_list<std::string_view> path) const;  // empty: none
    std::string attribute(std::string_view local) const;                      // empty: none
};

struct XmlLimits {
    std::size_t bytes = 1u << 20;
    std::size_t depth = 32;
    std::size_t elements = 4096;
};

Result<Element> read_xml(std::string_view bytes, const XmlLimits& limits = {});

// What a ds:Signature with an enveloped reference to the whole document speaks about, in canonical form.
struct SignedParts {
    std::string signed_info;           // exclusive canonical XML 1.0
    std::vector<std::string> without;  // the document without the signature: exclusive, inclusive
};
Result<SignedParts> signed_parts(std::string_view bytes, const XmlLimits& limits = {});

// Text as content or attribute value.
std::string escaped(std::string_view text);

}  // namespace steward::server
