#include "agent/syncml/write.h"

#include "agent/syncml/emit.h"
#include "agent/syncml/escape.h"
#include "agent/syncml/wbxml.h"
#include "agent/syncml/wbxml_sink.h"
#include "agent/syncml/xml_sink.h"

namespace steward::syncml {
namespace {

constexpr std::string_view xml_begin = "<SyncML xmlns=\"SYNCML:SYNCML1.2\">";
constexpr std::string_view plain_body = "<SyncBody>";
constexpr std::string_view microsoft_body = "<SyncBody xmlns:msft=\"http://schemas.microsoft.com/MobileDevice/MDM\">";
constexpr std::string_view xml_final = "<Final/>";
constexpr std::string_view xml_end = "</SyncBody></SyncML>";

}  // namespace

Writer::Writer(const Header& header, bool microsoft, Encoding encoding) : encoding_(encoding), microsoft_(microsoft) {
    out_.reserve(1024);
    if (encoding_ == Encoding::xml) {
        out_ += xml_begin;
        Emitter(XmlSink(out_, microsoft_)).header(header);
        out_ += microsoft ? microsoft_body : plain_body;
    } else {
        append_wbxml_header(out_);
        WbxmlSink sink(out_, page_);
        sink.open(Tag::syncml);
        Emitter(sink).header(header);
        sink.open(Tag::sync_body);
    }
}

std::size_t Writer::size() const {
    if (encoding_ == Encoding::xml) return out_.size() + xml_final.size() + xml_end.size();
    return out_.size() + (page_ != 0 ? 2 : 0) + 3;  // Final, two ENDs
}

std::size_t Writer::size_of(const Command& command) const {
    std::string out;
    if (encoding_ == Encoding::xml) {
        Emitter(XmlSink(out, microsoft_)).command(command);
        return out.size();
    }
    unsigned char page = page_;
    Emitter(WbxmlSink(out, page)).command(command);
    return out.size() + (page != 0 ? 2 : 0) - (page_ != 0 ? 2 : 0);
}

void Writer::add(const Command& command) {
    if (encoding_ == Encoding::xml) {
        Emitter(XmlSink(out_, microsoft_)).command(command);
    } else {
        Emitter(WbxmlSink(out_, page_)).command(command);
    }
}

bool Writer::add_within(const Command& command, std::size_t limit) {
    const std::size_t size_before = out_.size();
    const unsigned char page_before = page_;
    add(command);
    if (size() <= limit) return true;
    out_.resize(size_before);
    page_ = page_before;
    return false;
}

std::string Writer::finish(bool final) {
    if (encoding_ == Encoding::xml) {
        if (final) out_ += xml_final;
        out_ += xml_end;
    } else {
        WbxmlSink sink(out_, page_);
        if (final) sink.empty(Tag::final);
        sink.close(Tag::sync_body);
        sink.close(Tag::syncml);
    }
    return std::move(out_);
}

std::string write(Encoding encoding, const Message& message) {
    Writer writer(message.header, message.microsoft, encoding);
    for (const Command& command : message.commands) writer.add(command);
    return writer.finish(message.final);
}

std::string write_xml(const Message& message) {
    return write(Encoding::xml, message);
}

std::string write_wbxml(const Message& message) {
    return write(Encoding::wbxml, message);
}

std::size_t encoded_size(Encoding encoding, std::string_view data) {
    return encoding == Encoding::xml ? escaped_size(data) : data.size();
}

std::size_t prefix_within(Encoding encoding, std::string_view data, std::size_t budget) {
    if (encoding == Encoding::xml) return escaped_prefix(data, budget);
    if (data.size() <= budget) return data.size();
    while (budget > 0 && (static_cast<unsigned char>(data[budget]) & 0xC0u) == 0x80u) --budget;
    return budget;
}

}  // namespace steward::syncml
