#include "tests/server/xml.h"

#include <libxml/c14n.h>
#include <libxml/parser.h>

#include <cstring>
#include <memory>

#include "agent/syncml/escape.h"
#include "platform/base/text.h"
#include "tests/server/freed.h"

namespace steward::server {
namespace {

using Document = std::unique_ptr<xmlDoc, Freed<xmlFreeDoc>>;
using Context = std::unique_ptr<xmlParserCtxt, Freed<xmlFreeParserCtxt>>;

constexpr std::string_view signature_space = "http://www.w3.org/2000/09/xmldsig#";

std::string text(const xmlChar* words) {
    return words == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(words));
}

Error refused(std::string what, std::string evidence = {}) {
    return {Fault::malformed, std::move(what), std::move(evidence)};
}

Result<Document> document_of(std::string_view bytes, const XmlLimits& limits) {
    if (bytes.size() > limits.bytes) {
        return Error{Fault::too_large, "The XML is larger than " + std::to_string(limits.bytes) + " bytes.", {}};
    }
    // Only UTF-8 comes this far, so that a DOCTYPE cannot hide in another encoding.
    if (!valid_utf8(bytes)) return refused("The XML is not UTF-8.");
    if (bytes.find("<!DOCTYPE") != bytes.npos || bytes.find("<!ENTITY") != bytes.npos) {
        return refused("The XML has a DOCTYPE, which no message of this protocol has.");
    }
    const Context context(xmlNewParserCtxt());
    if (!context) return Error{Fault::io, "There is no memory to read XML.", {}};
    Document made(xmlCtxtReadMemory(context.get(), bytes.data(), static_cast<int>(bytes.size()), nullptr, "UTF-8",
                                    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING));
    const auto* problem = xmlCtxtGetLastError(context.get());
    const bool sound = made && context->wellFormed != 0 && context->nsWellFormed != 0;
    if (!sound) {
        std::string why = problem == nullptr || problem->message == nullptr ? "" : problem->message;
        return refused("The XML is not well-formed.", std::string(trim(why)));
    }
    return made;
}

struct Count {
    const XmlLimits& limits;
    std::size_t elements = 0;
};

// Depth is checked before each step down, and libxml2 has limits of its own.
Outcome copy(const xmlNode* from, Element& to, Count& count, std::size_t depth) {
    if (depth > count.limits.depth) return refused("The XML is nested too deeply.");
    if (++count.elements > count.limits.elements) return refused("The XML has too many elements.");
    to.name = text(from->name);
    if (from->ns != nullptr) to.space = text(from->ns->href);
    for (const auto* each = from->properties; each != nullptr; each = each->next) {
        Attribute attribute;
        attribute.name = text(each->name);
        if (each->ns != nullptr) attribute.space = text(each->ns->href);
        for (const auto* part = each->children; part != nullptr; part = part->next)
            attribute.value += text(part->content);
        to.attributes.push_back(std::move(attribute));
    }
    for (const auto* each = from->children; each != nullptr; each = each->next) {
        if (each->type == XML_TEXT_NODE || each->type == XML_CDATA_SECTION_NODE) to.text += text(each->content);
        if (each->type != XML_ELEMENT_NODE) continue;
        if (auto copied = copy(each, to.children.emplace_back(), count, depth + 1); !copied) return copied;
    }
    to.text = trim(to.text);
    return {};
}

// The first element of that name in document order.
xmlNode* descendant(xmlNode* root, std::string_view space, std::string_view name) {
    for (xmlNode* at = root; at != nullptr;) {
        const bool element = at->type == XML_ELEMENT_NODE;
        if (element && at->ns != nullptr && text(at->ns->href) == space && text(at->name) == name) return at;
        if (element && at->children != nullptr) {
            at = at->children;
            continue;
        }
        while (at != nullptr && at != root && at->next == nullptr) at = at->parent;
        if (at == nullptr || at == root) return nullptr;
        at = at->next;
    }
    return nullptr;
}

int within(void* top, xmlNodePtr node, xmlNodePtr parent) {
    // A namespace node has no parent of its own; the one it is rendered for comes with it.
    const auto* at = node != nullptr && node->type != XML_NAMESPACE_DECL ? node : parent;
    for (; at != nullptr; at = at->parent) {
        if (at == top) return 1;
    }
    return 0;
}

Result<std::string> canonical(xmlDoc* document, xmlNode* top, int mode) {
    const std::unique_ptr<xmlOutputBuffer, Freed<xmlOutputBufferClose>> out(xmlAllocOutputBuffer(nullptr));
    if (!out || xmlC14NExecute(document, top == nullptr ? nullptr : within, top, mode, nullptr, 0, out.get()) < 0) {
        return refused("The XML has no canonical form.");
    }
    return std::string(reinterpret_cast<const char*>(xmlOutputBufferGetContent(out.get())),
                       xmlOutputBufferGetSize(out.get()));
}

}  // namespace

const Element* Element::child(std::string_view local) const {
    for (const auto& each : children) {
        if (each.name == local) return &each;
    }
    return nullptr;
}

const Element* Element::find(std::initializer_list<std::string_view> path) const {
    const Element* at = this;
    for (const auto step : path) {
        at = at->child(step);
        if (at == nullptr) return nullptr;
    }
    return at;
}

std::string Element::text_at(std::initializer_list<std::string_view> path) const {
    const auto* found = find(path);
    return found == nullptr ? std::string() : found->text;
}

std::string Element::attribute(std::string_view local) const {
    for (const auto& each : attributes) {
        if (each.name == local) return each.value;
    }
    return {};
}

Result<Element> read_xml(std::string_view bytes, const XmlLimits& limits) {
    auto document = document_of(bytes, limits);
    if (!document) return document.error();
    Element root;
    Count count{limits};
    if (auto copied = copy(xmlDocGetRootElement(document->get()), root, count, 1); !copied) return copied.error();
    return root;
}

Result<SignedParts> signed_parts(std::string_view bytes, const XmlLimits& limits) {
    auto document = document_of(bytes, limits);
    if (!document) return document.error();
    auto* root = xmlDocGetRootElement(document->get());
    auto* signature = descendant(root, signature_space, "Signature");
    auto* info = signature == nullptr ? nullptr : descendant(signature, signature_space, "SignedInfo");
    if (info == nullptr || signature == root) return refused("The message carries no XML signature.");
    SignedParts parts;
    auto signed_info = canonical(document->get(), info, XML_C14N_EXCLUSIVE_1_0);
    if (!signed_info) return signed_info.error();
    parts.signed_info = std::move(*signed_info);
    xmlUnlinkNode(signature);
    const std::unique_ptr<xmlNode, Freed<xmlFreeNode>> unlinked(signature);
    for (const int mode : {XML_C14N_EXCLUSIVE_1_0, XML_C14N_1_0}) {
        auto whole = canonical(document->get(), nullptr, mode);
        if (!whole) return whole.error();
        parts.without.push_back(std::move(*whole));
    }
    return parts;
}

std::string escaped(std::string_view words) {
    std::string made;
    syncml::append_escaped_attribute(made, words);
    return made;
}

}  // namespace steward::server
