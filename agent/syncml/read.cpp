#include "agent/syncml/read.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <optional>

#include "agent/syncml/builder.h"
#include "agent/syncml/escape.h"
#include "agent/syncml/utf16.h"
#include "agent/syncml/wbxml.h"
#include "platform/base/text.h"

namespace steward::syncml {
namespace {

constexpr std::string_view microsoft_namespace = "http://schemas.microsoft.com/MobileDevice/MDM";

// libxml2 compares every attribute and every namespace of an element with every other.
constexpr int most_attributes = 256;

std::string_view view(const xmlChar* text) {
    return text == nullptr ? std::string_view() : std::string_view(reinterpret_cast<const char*>(text));
}

std::string_view view(const xmlChar* begin, const xmlChar* end) {
    return {reinterpret_cast<const char*>(begin), static_cast<std::size_t>(end - begin)};
}

std::string_view view(const xmlChar* text, int length) {
    return {reinterpret_cast<const char*>(text), static_cast<std::size_t>(length)};
}

// Of one attribute as libxml2 hands it out: name, prefix, namespace, begin and end of the value. "&" comes as "&#38;"
// unless the parser resolves entities, which it is never told to do.
std::string value_of(const xmlChar** attribute) {
    std::string value(view(attribute[3], attribute[4]));
    for (auto at = value.find("&#38;"); at != value.npos; at = value.find("&#38;", at + 1)) value.erase(at + 1, 4);
    return value;
}

struct Place {
    int line = 1, column = 1;
};

Error at(Place place, Error error) {
    error.what = "line " + std::to_string(place.line) + ", column " + std::to_string(place.column) + ": " + error.what;
    return error;
}

// One document through libxml2, which fetches it in portions of its own: that costs less than handing it over, where
// libxml2 first looks for the end of each tag.
class XmlReader {
  public:
    XmlReader(const Limits& limits, std::string_view text, Place begin);
    ~XmlReader();
    XmlReader(const XmlReader&) = delete;
    XmlReader& operator=(const XmlReader&) = delete;

    Result<Message> run();

  private:
#if LIBXML_VERSION >= 21200
    using XmlError = const xmlError*;
#else
    using XmlError = xmlError*;
#endif
    static XmlReader& of(void* self) {
        return *static_cast<XmlReader*>(self);
    }
    static int on_fetch(void* self, char* to, int room);
    static void on_start(void* self, const xmlChar* name, const xmlChar* prefix, const xmlChar* space,
                         int namespace_count, const xmlChar** namespaces, int attribute_count, int defaulted_count,
                         const xmlChar** attributes);
    static void on_end(void* self, const xmlChar* name, const xmlChar* prefix, const xmlChar* space);
    static void on_text(void* self, const xmlChar* text, int length);
    static void on_cdata(void* self, const xmlChar* text, int length);
    static void on_doctype(void* self, const xmlChar* name, const xmlChar* external, const xmlChar* system);
    static void on_comment(void* self, const xmlChar* text);
    static void on_instruction(void* self, const xmlChar* target, const xmlChar* text);
    static void on_error(void* self, XmlError error);

    std::string_view fetch(std::size_t room);
    void start(const xmlChar* name, const xmlChar* prefix, const xmlChar* space, int namespace_count,
               const xmlChar** namespaces, int attribute_count, const xmlChar** attributes);
    void start_markup(const xmlChar* name, const xmlChar* prefix, int namespace_count, const xmlChar** namespaces,
                      int attribute_count, const xmlChar** attributes);
    Tag tag_of(const xmlChar* name);
    bool foreign(const xmlChar* space);
    void check(bool fine) {
        if (!fine) fail(builder_.error());
    }
    void fail(Error error);  // no more is fetched; stopping at once would free what callers still read
    bool at_end() const {
        return rest_.empty() && parser_->input->cur == parser_->input->end;
    }
    Place place() const;

    const Limits limits_;
    const std::size_t size_;
    std::string_view rest_;   // not yet fetched
    std::size_t silent_ = 0;  // bytes fetched since libxml2 last had something to say
    const Place begin_;
    Builder builder_;
    xmlParserCtxtPtr parser_;
    std::optional<Error> error_;

    // libxml2 keeps one copy of each name, so that its address says which one it is.
    struct Known {
        const xmlChar* name = nullptr;
        Tag tag = Tag::none;
    };
    std::array<Known, 256> known_{};
    const xmlChar* friendly_ = nullptr;  // the namespace that was last found to be one of ours
    const xmlChar* friendly_before_ = nullptr;
    std::string scratch_;
};

XmlReader::XmlReader(const Limits& limits, std::string_view text, Place begin)
    : limits_(limits), size_(text.size()), rest_(text), begin_(begin), builder_(limits, text.size()) {
    static const bool initialised = (xmlInitParser(), true);
    static_cast<void>(initialised);
    xmlSAXHandler handler{};
    handler.initialized = XML_SAX2_MAGIC;
    handler.startElementNs = on_start;
    handler.endElementNs = on_end;
    handler.characters = on_text;
    handler.ignorableWhitespace = on_text;
    handler.cdataBlock = on_cdata;
    handler.internalSubset = on_doctype;
    handler.comment = on_comment;
    handler.processingInstruction = on_instruction;
    handler.serror = on_error;
    parser_ = xmlCreateIOParserCtxt(&handler, this, on_fetch, nullptr, this, XML_CHAR_ENCODING_NONE);
    // The text is UTF-8 by now, whatever its declaration says.
    // Its own limits do not tell a Data of 10 MB from a tag of that size: HUGE lifts them, and ours hold.
    if (parser_ != nullptr) xmlCtxtUseOptions(parser_, XML_PARSE_NONET | XML_PARSE_IGNORE_ENC | XML_PARSE_HUGE);
}

XmlReader::~XmlReader() {
    if (parser_ == nullptr) return;
    if (parser_->myDoc != nullptr) xmlFreeDoc(parser_->myDoc);
    xmlFreeParserCtxt(parser_);
}

Result<Message> XmlReader::run() {
    if (parser_ == nullptr) return Error{Fault::full, "there is no memory for an XML parser", {}};
    xmlParseDocument(parser_);
    if (!error_ && parser_->wellFormed == 0) fail({Fault::malformed, "the XML is not well-formed", {}});
    if (error_) return std::move(*error_);
    return builder_.take();
}

// The next portion; empty at the end of the text, and when no more of it is wanted.
std::string_view XmlReader::fetch(std::size_t room) {
    builder_.progress(size_ - rest_.size());
    // libxml2's table of names does not grow with them beyond a point: each new one costs ever more.
    if (static_cast<std::size_t>(xmlDictSize(parser_->dict)) > limits_.names) {
        fail({Fault::too_large, "there are more than " + std::to_string(limits_.names) + " different names", {}});
    }
    if (silent_ > limits_.markup) {
        fail({Fault::too_large, "a tag or comment is longer than " + std::to_string(limits_.markup) + " bytes", {}});
    }
    if (error_) return {};
    const std::string_view portion = rest_.substr(0, room);
    rest_.remove_prefix(portion.size());
    // A CDATA section comes whole, too; its limit is that of Data.
    if (parser_->instate != XML_PARSER_CDATA_SECTION) silent_ += portion.size();
    return portion;
}

int XmlReader::on_fetch(void* self, char* to, int room) {
    const std::string_view portion = of(self).fetch(static_cast<std::size_t>(room));
    std::copy(portion.begin(), portion.end(), to);
    return static_cast<int>(portion.size());
}

Place XmlReader::place() const {
    const xmlParserInput* input = parser_->input;
    if (input == nullptr) return begin_;
    if (input->line <= 1) return {begin_.line, begin_.column + std::max(input->col, 1) - 1};
    return {begin_.line + input->line - 1, std::max(input->col, 1)};
}

void XmlReader::fail(Error error) {
    if (!error_) error_ = at(place(), std::move(error));
}

Tag XmlReader::tag_of(const xmlChar* name) {
    const std::size_t slot = reinterpret_cast<std::uintptr_t>(name) >> 2;
    for (std::size_t step = 0; step < 4; ++step) {
        Known& known = known_[(slot + step) % known_.size()];
        if (known.name == name) return known.tag;
        if (known.name != nullptr) continue;
        const Tag tag = tag_named(view(name));
        if (tag != Tag::none) known = {name, tag};
        return tag;
    }
    return tag_named(view(name));
}

bool XmlReader::foreign(const xmlChar* space) {
    if (space == nullptr || space == friendly_ || space == friendly_before_) return false;
    if (!same_ignoring_case(view(space).substr(0, 7), "syncml:")) return true;
    friendly_before_ = friendly_;
    friendly_ = space;
    return false;
}

void XmlReader::start(const xmlChar* name, const xmlChar* prefix, const xmlChar* space, int namespace_count,
                      const xmlChar** namespaces, int attribute_count, const xmlChar** attributes) {
    if (attribute_count + namespace_count > most_attributes) {
        return fail(
            {Fault::too_large, "an element has more than " + std::to_string(most_attributes) + " attributes", {}});
    }
    if (builder_.in_data()) {
        return start_markup(name, prefix, namespace_count, namespaces, attribute_count, attributes);
    }
    const Tag tag = tag_of(name);
    if (!builder_.start(tag, tag == Tag::none ? view(name) : std::string_view(), foreign(space))) {
        return fail(builder_.error());
    }
    if (namespace_count != 0 && (tag == Tag::sync_body || tag == Tag::syncml)) {
        for (int i = 0; i < namespace_count; ++i) {
            if (view(namespaces[2 * i + 1]) == microsoft_namespace) builder_.microsoft();
        }
    }
    for (int i = 0; i < attribute_count; ++i) {
        const xmlChar** attribute = attributes + 5 * i;
        if (view(attribute[0]) == "originalerror") builder_.original_error(value_of(attribute));
    }
}

void XmlReader::start_markup(const xmlChar* name, const xmlChar* prefix, int namespace_count,
                             const xmlChar** namespaces, int attribute_count, const xmlChar** attributes) {
    std::string& markup = scratch_;
    const auto add_name = [&](const xmlChar* before, const xmlChar* local) {
        if (before != nullptr) (markup += view(before)) += ':';
        markup += view(local);
    };
    const auto add_value = [&](std::string_view value) {
        markup += "=\"";
        append_escaped_attribute(markup, value);
        markup += '"';
    };
    markup = "<";
    add_name(prefix, name);
    for (int i = 0; i < namespace_count; ++i) {
        markup += " xmlns";
        if (namespaces[2 * i] != nullptr) (markup += ':') += view(namespaces[2 * i]);
        add_value(view(namespaces[2 * i + 1]));
    }
    for (int i = 0; i < attribute_count; ++i) {
        const xmlChar** attribute = attributes + 5 * i;
        markup += ' ';
        add_name(attribute[1], attribute[0]);
        add_value(value_of(attribute));
    }
    check(builder_.markup_start(markup));
}

void XmlReader::on_start(void* self, const xmlChar* name, const xmlChar* prefix, const xmlChar* space,
                         int namespace_count, const xmlChar** namespaces, int attribute_count, int,
                         const xmlChar** attributes) {
    of(self).silent_ = 0;
    if (of(self).error_) return;
    of(self).start(name, prefix, space, namespace_count, namespaces, attribute_count, attributes);
}

void XmlReader::on_end(void* self, const xmlChar* name, const xmlChar* prefix, const xmlChar*) {
    XmlReader& reader = of(self);
    reader.silent_ = 0;
    if (reader.error_) return;
    if (!reader.builder_.in_markup()) return reader.check(reader.builder_.end());
    reader.scratch_.clear();
    if (prefix != nullptr) (reader.scratch_ += view(prefix)) += ':';
    reader.scratch_ += view(name);
    reader.check(reader.builder_.markup_end(reader.scratch_));
}

void XmlReader::on_text(void* self, const xmlChar* text, int length) {
    XmlReader& reader = of(self);
    reader.silent_ = 0;
    if (!reader.error_) reader.check(reader.builder_.text(view(text, length)));
}

void XmlReader::on_cdata(void* self, const xmlChar* text, int length) {
    XmlReader& reader = of(self);
    reader.silent_ = 0;
    if (reader.error_) return;
    // libxml2 lets overlong forms pass here, and only here.
    if (!valid_utf8(view(text, length))) {
        return reader.fail({Fault::malformed, "a CDATA section is not UTF-8", {}});
    }
    reader.check(reader.builder_.verbatim(view(text, length)));
}

void XmlReader::on_comment(void* self, const xmlChar*) {
    of(self).silent_ = 0;
}

void XmlReader::on_instruction(void* self, const xmlChar*, const xmlChar*) {
    of(self).silent_ = 0;
}

// A document type without a subset of its own is skipped: nothing of it is ever fetched.
void XmlReader::on_doctype(void* self, const xmlChar*, const xmlChar*, const xmlChar*) {
    XmlReader& reader = of(self);
    if (reader.parser_->input != nullptr && *reader.parser_->input->cur == '[') {
        reader.fail({Fault::malformed, "the document declares types or entities of its own, which is refused", {}});
    }
}

void XmlReader::on_error(void* self, XmlError error) {
    XmlReader& reader = of(self);
    const bool unresolved = error->code == XML_ERR_UNDECLARED_ENTITY || error->code == XML_WAR_UNDECLARED_ENTITY;
    // An undeclared namespace prefix is an error of a kind that real servers make.
    if (reader.error_ || (error->level != XML_ERR_FATAL && !unresolved)) return;
    if (error->code == XML_ERR_DOCUMENT_EMPTY || !reader.builder_.saw_root()) {
        const std::string_view text = trim(error->message == nullptr ? "" : error->message);
        return reader.fail({Fault::malformed,
                            "this is not an XML document (" + lower(text.substr(0, 1)) +
                                std::string(text.empty() ? text : text.substr(1)) + ")",
                            {}});
    }
    // A wrong end tag may be the last thing there is, and is still what is wrong.
    if (reader.at_end() && reader.builder_.depth() != 0 && error->code != XML_ERR_TAG_NAME_MISMATCH) {
        return reader.fail({Fault::malformed, "the document is cut off", {}});
    }
    if (error->code == XML_ERR_DOCUMENT_END) {
        return reader.fail({Fault::malformed, "more text follows the end of the document", {}});
    }
    const std::string_view text = trim(error->message == nullptr ? "" : error->message);
    reader.fail({Fault::malformed, "the XML is not well-formed: " + legal(text.substr(0, 200)), {}});
}

Result<Message> read_utf8(std::string_view text, const Limits& limits) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    Place begin;
    while (!text.empty() && std::string_view(" \t\r\n").find(text.front()) != std::string_view::npos) {
        if (text.front() == '\n') {
            ++begin.line;
            begin.column = 1;
        } else {
            ++begin.column;
        }
        text.remove_prefix(1);
    }
    if (text.empty()) return at(begin, {Fault::malformed, "the message is empty", {}});
    if (text.front() > '\0' && text.front() <= '\3') {
        return at(begin, {Fault::malformed, "this looks like WBXML, not XML", {}});
    }
    if (text.front() != '<') return at(begin, {Fault::malformed, "this is not an XML document", {}});
    if (same_ignoring_case(text.substr(0, 14), "<!doctype html")) {
        return at(begin, {Fault::malformed, "this is an HTML page, not a SyncML message", {}});
    }
    if (const auto nul = text.find('\0'); nul != std::string_view::npos) {
        const std::string_view before = text.substr(0, nul);
        const auto lines = std::count(before.begin(), before.end(), '\n');
        const auto line_begin = before.rfind('\n') + 1;
        const std::size_t column = nul - line_begin + (lines == 0 ? static_cast<std::size_t>(begin.column) : 1);
        return at({begin.line + static_cast<int>(lines), static_cast<int>(column)},
                  {Fault::malformed, "a NUL byte is not allowed in XML", {}});
    }
    return XmlReader(limits, text, begin).run();
}

}  // namespace

Result<Message> read_xml(std::string_view bytes, const Limits& limits) {
    if (bytes.size() > limits.bytes) {
        return at({}, {Fault::too_large,
                       "the message has " + std::to_string(bytes.size()) + " bytes, more than " +
                           std::to_string(limits.bytes),
                       {}});
    }
    const auto order = utf16_order(bytes);
    if (!order) return read_utf8(bytes, limits);
    const auto text = utf8_of_utf16(bytes, *order);
    if (!text) return at({}, {Fault::malformed, "the UTF-16 text is damaged", {}});
    return read_utf8(*text, limits);
}

Result<Message> read(Encoding encoding, std::string_view bytes, const Limits& limits) {
    return encoding == Encoding::xml ? read_xml(bytes, limits) : read_wbxml(bytes, limits);
}

}  // namespace steward::syncml
