#include "platform/document.h"

#include <libxml/c14n.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "platform/base/text.h"

namespace steward {
namespace {

constexpr std::size_t portion = 4096;
constexpr std::ptrdiff_t longest_markup = 96 << 10;  // of one tag: a certificate stands in an attribute

std::string_view view(const xmlChar* text) {
    return text == nullptr ? std::string_view() : std::string_view(reinterpret_cast<const char*>(text));
}

// "&" comes as "&#38;" from a parser that is not told to resolve entities.
std::string value_of(const xmlChar** attribute) {
    std::string value(reinterpret_cast<const char*>(attribute[3]), reinterpret_cast<const char*>(attribute[4]));
    for (auto at = value.find("&#38;"); at != value.npos; at = value.find("&#38;", at + 1)) value.erase(at + 1, 4);
    return value;
}

class Reader {
  public:
    explicit Reader(const DocumentLimits& limits) : limits_(limits) {
        static const bool initialised = (xmlInitParser(), true);
        static_cast<void>(initialised);
        xmlSAXHandler handler{};
        handler.initialized = XML_SAX2_MAGIC;
        handler.startElementNs = on_start;
        handler.endElementNs = on_end;
        handler.characters = on_text;
        handler.cdataBlock = on_text;
        handler.internalSubset = on_doctype;
        handler.serror = on_error;
        parser_ = xmlCreatePushParserCtxt(&handler, this, nullptr, 0, nullptr);
        if (parser_ != nullptr) xmlCtxtUseOptions(parser_, XML_PARSE_NONET | XML_PARSE_IGNORE_ENC | XML_PARSE_HUGE);
    }
    ~Reader() {
        if (parser_ == nullptr) return;
        if (parser_->myDoc != nullptr) xmlFreeDoc(parser_->myDoc);
        xmlFreeParserCtxt(parser_);
    }
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    Result<Element> read(std::string_view text);

  private:
#if LIBXML_VERSION >= 21200
    using XmlError = const xmlError*;
#else
    using XmlError = xmlError*;
#endif
    static Reader& of(void* self) {
        return *static_cast<Reader*>(self);
    }
    static void on_start(void* self, const xmlChar* name, const xmlChar*, const xmlChar*, int, const xmlChar**,
                         int attribute_count, int, const xmlChar** attributes);
    static void on_end(void* self, const xmlChar*, const xmlChar*, const xmlChar*);
    static void on_text(void* self, const xmlChar* text, int length);
    static void on_doctype(void* self, const xmlChar*, const xmlChar*, const xmlChar*);
    static void on_error(void* self, XmlError error);
    void fail(Fault fault, std::string what) {
        if (!error_) error_ = Error{fault, std::move(what), {}};
    }

    const DocumentLimits limits_;
    xmlParserCtxtPtr parser_;
    std::optional<Error> error_;
    std::vector<Element> open_;  // from the root down
    std::optional<Element> root_;
    std::size_t elements_ = 0;
};

Result<Element> Reader::read(std::string_view text) {
    if (parser_ == nullptr) return Error{Fault::full, "There is no memory for an XML parser.", {}};
    for (std::size_t done = 0; done < text.size() && !error_;) {
        const std::size_t size = std::min(portion, text.size() - done);
        xmlParseChunk(parser_, text.data() + done, static_cast<int>(size), 0);
        done += size;
        if (!error_ && parser_->input->end - parser_->input->cur > longest_markup) {
            fail(Fault::too_large, "A tag of the document is too long.");
        }
    }
    if (!error_) xmlParseChunk(parser_, nullptr, 0, 1);
    if (!error_ && (parser_->wellFormed == 0 || !root_)) fail(Fault::malformed, "The document is cut off.");
    if (error_) return std::move(*error_);
    return std::move(*root_);
}

void Reader::on_start(void* self, const xmlChar* name, const xmlChar*, const xmlChar*, int, const xmlChar**,
                      int attribute_count, int, const xmlChar** attributes) {
    Reader& reader = of(self);
    if (reader.error_) return;
    if (reader.open_.size() >= reader.limits_.depth) {
        return reader.fail(Fault::too_large, "The document is nested too deeply.");
    }
    if (++reader.elements_ > reader.limits_.elements ||
        static_cast<std::size_t>(attribute_count) > reader.limits_.attributes) {
        return reader.fail(Fault::too_large, "The document has too many elements or attributes.");
    }
    Element element;
    element.name = view(name);
    for (int i = 0; i < attribute_count; ++i) {
        element.attributes.emplace_back(view(attributes[5 * i]), value_of(attributes + 5 * i));
    }
    reader.open_.push_back(std::move(element));
}

void Reader::on_end(void* self, const xmlChar*, const xmlChar*, const xmlChar*) {
    Reader& reader = of(self);
    if (reader.error_ || reader.open_.empty()) return;
    Element done = std::move(reader.open_.back());
    reader.open_.pop_back();
    const std::string_view trimmed = trim(done.text);
    if (done.children.empty() && trimmed.size() != done.text.size()) done.untrimmed = done.text;
    done.text = std::string(trimmed);
    if (reader.open_.empty()) {
        reader.root_ = std::move(done);
    } else {
        reader.open_.back().children.push_back(std::move(done));
    }
}

void Reader::on_text(void* self, const xmlChar* text, int length) {
    Reader& reader = of(self);
    if (reader.error_ || reader.open_.empty()) return;
    const std::string_view piece(reinterpret_cast<const char*>(text), static_cast<std::size_t>(length));
    if (!valid_utf8(piece)) return reader.fail(Fault::malformed, "The document is not UTF-8.");
    reader.open_.back().text += piece;
}

void Reader::on_doctype(void* self, const xmlChar*, const xmlChar*, const xmlChar*) {
    Reader& reader = of(self);
    if (reader.parser_->input != nullptr && *reader.parser_->input->cur == '[') {
        reader.fail(Fault::malformed, "The document declares types or entities of its own, which is refused.");
    }
}

void Reader::on_error(void* self, XmlError error) {
    Reader& reader = of(self);
    const bool unresolved = error->code == XML_ERR_UNDECLARED_ENTITY || error->code == XML_WAR_UNDECLARED_ENTITY;
    // An undeclared prefix is an error of a kind that real servers make.
    if (error->level != XML_ERR_FATAL && !unresolved) return;
    reader.fail(Fault::malformed, "The document is not well-formed XML.");
}

}  // namespace

const Element* Element::child(std::string_view wanted) const {
    const auto found = std::find_if(children.begin(), children.end(),
                                    [&](const Element& each) { return same_ignoring_case(each.name, wanted); });
    return found == children.end() ? nullptr : &*found;
}

const Element* Element::descendant(std::string_view wanted) const {
    for (const auto& each : children) {  // the depth of a document is limited
        if (same_ignoring_case(each.name, wanted)) return &each;
        if (const auto* found = each.descendant(wanted)) return found;
    }
    return nullptr;
}

std::string Element::text_of(std::string_view wanted) const {
    const auto* found = descendant(wanted);
    return found == nullptr ? std::string() : found->text;
}

std::string Element::attribute(std::string_view wanted) const {
    const auto found = std::find_if(attributes.begin(), attributes.end(),
                                    [&](const auto& each) { return same_ignoring_case(each.first, wanted); });
    return found == attributes.end() ? std::string() : found->second;
}

Result<Element> read_document(std::string_view bytes, const DocumentLimits& limits) {
    if (bytes.size() > limits.bytes) return Error{Fault::too_large, "The document is too large.", {}};
    if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
    bytes = trim(bytes);
    if (bytes.empty()) return Error{Fault::malformed, "The document is empty.", {}};
    if (bytes.find('\0') != std::string_view::npos) return Error{Fault::malformed, "The document is binary.", {}};
    return Reader(limits).read(bytes);
}

std::string escaped_xml(std::string_view text) {
    std::string out;
    for (const char letter : text) {
        if (letter == '&') {
            out += "&amp;";
        } else if (letter == '<') {
            out += "&lt;";
        } else if (letter == '>') {
            out += "&gt;";
        } else {
            out += letter;
        }
    }
    return out;
}

Result<std::string> canonical_document(std::string_view document) {
    const std::unique_ptr<xmlDoc, decltype(&xmlFreeDoc)> parsed(
        xmlReadMemory(document.data(), static_cast<int>(document.size()), nullptr, nullptr,
                      XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING),
        xmlFreeDoc);
    if (!parsed) return Error{Fault::malformed, "A document that was to be signed is not well-formed.", {}};
    xmlChar* text = nullptr;
    const int size = xmlC14NDocDumpMemory(parsed.get(), nullptr, XML_C14N_1_0, nullptr, 0, &text);
    if (size < 0) return Error{Fault::malformed, "A document could not be brought into canonical form.", {}};
    std::string out(reinterpret_cast<const char*>(text), static_cast<std::size_t>(size));
    xmlFree(text);
    return out;
}

}  // namespace steward
