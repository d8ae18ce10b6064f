// A small XML document as a tree: values whose own format it is (a WLAN profile), SOAP answers, provisioning documents.
// Names are local names, namespaces are not judged (deployed servers mix them). No DTD is resolved and no entity beyond
// the five of XML is known.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/base/result.h"

namespace steward {

struct Element {
    std::string name;
    std::vector<std::pair<std::string, std::string>> attributes;
    std::string text;       // all of it together, without blanks around it
    std::string untrimmed;  // of a leaf, where blanks were around it; else empty
    std::vector<Element> children;

    // Names are compared without regard to case, as the documents of different servers differ in it.
    const Element* child(std::string_view wanted) const;
    const Element* descendant(std::string_view wanted) const;  // the first in document order
    std::string text_of(std::string_view wanted) const;        // of that descendant; empty: none
    std::string attribute(std::string_view wanted) const;      // empty: none
    const std::string& exact_text() const { return untrimmed.empty() ? text : untrimmed; }
};

struct DocumentLimits {
    std::size_t bytes = 8u << 20;
    std::size_t depth = 48;  // of elements in one another
    std::size_t elements = 50'000;
    std::size_t attributes = 64;  // of one element
};

// UTF-8. Faults: malformed, too_large.
Result<Element> read_document(std::string_view bytes, const DocumentLimits& limits = {});

// Text as the content of an element.
std::string escaped_xml(std::string_view text);

// Canonical XML 1.0 without comments (xml-c14n) of a document of our own. Fault malformed.
Result<std::string> canonical_document(std::string_view document);

}  // namespace steward
