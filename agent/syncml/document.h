// A small XML document as a tree: SOAP answers, provisioning documents, serialised subtrees. Names are local names,
// namespaces are not judged (deployed servers mix them). No DTD is resolved and no entity beyond the five of XML is
// known.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/base/result.h"

namespace steward::syncml {

struct Element {
    std::string name;
    std::vector<std::pair<std::string, std::string>> attributes;
    std::string text;  // all of it together, without blanks around it
    std::vector<Element> children;

    // Names are compared without regard to case, as the documents of different servers differ in it.
    const Element* child(std::string_view wanted) const;
    const Element* descendant(std::string_view wanted) const;  // the first in document order
    std::string text_of(std::string_view wanted) const;        // of that descendant; empty: none
    std::string attribute(std::string_view wanted) const;      // empty: none
};

struct DocumentLimits {
    std::size_t bytes = 8u << 20;
    std::size_t depth = 48;  // of elements in one another
    std::size_t elements = 50'000;
    std::size_t attributes = 64;  // of one element
};

// Faults: malformed, too_large. UTF-8, or UTF-16 with a byte order mark.
Result<Element> read_document(std::string_view bytes, const DocumentLimits& limits = {});

// Canonical XML 1.0 without comments (xml-c14n) of a document of our own. Fault malformed.
Result<std::string> canonical(std::string_view document);

}  // namespace steward::syncml
