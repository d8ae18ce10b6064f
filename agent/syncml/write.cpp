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
constexpr std::string_view xml_results_end = "</Results>";

}  // namespace

Writer::Writer(const Header& header, bool microsoft, Encoding encoding) : encoding_(encoding), microsoft_(microsoft) {
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
    if (encoding_ == Encoding::xml) {
        return out_.size() + (in_results_ ? xml_results_end.size() : 0) + xml_final.size() + xml_end.size();
    }
    return out_.size() + (in_results_ ? 1 : 0) + (page_ != 0 ? 2 : 0) + 3;  // Final, two ENDs
}

// write(emitter) writes something in the encoding of the message.
template <class Write>
void Writer::emit(Write write) {
    if (encoding_ == Encoding::xml) {
        write(Emitter(XmlSink(out_, microsoft_)));
    } else {
        write(Emitter(WbxmlSink(out_, page_)));
    }
}

std::size_t Writer::size_of(const Command& command) const {
    Output out;
    if (encoding_ == Encoding::xml) {
        Emitter(XmlSink(out, microsoft_)).command(command);
        return out.size();
    }
    unsigned char page = page_;
    Emitter(WbxmlSink(out, page)).command(command);
    return out.size() + (page != 0 ? 2 : 0) - (page_ != 0 ? 2 : 0);
}

void Writer::add(const Command& command) {
    emit([&](auto emitter) { emitter.command(command); });
}

bool Writer::add_within(const Command& command, std::size_t limit) {
    const Mark before = mark();
    add(command);
    return keep_within(before, limit);
}

bool Writer::add_status_within(const Reply& status, std::size_t limit) {
    const Mark before = mark();
    emit([&](auto emitter) { emitter.status(status); });
    return keep_within(before, limit);
}

void Writer::open_results(const Reply& results) {
    emit([&](auto emitter) { emitter.open_results(results); });
    in_results_ = true;
}

bool Writer::add_item_within(const ReplyItem& item, std::size_t limit) {
    // Data may be large: it is not written only to find out that it does not fit.
    constexpr std::size_t longest = 8;  // no byte is written as more than that
    if (item.data && item.data->size() > limit / longest && encoded_size(encoding_, *item.data) > limit) return false;
    const Mark before = mark();
    emit([&](auto emitter) { emitter.results_item(item); });
    return keep_within(before, limit);
}

void Writer::close_results() {
    emit([&](auto emitter) { emitter.close_results(); });
    in_results_ = false;
}

void Writer::back(const Mark& mark) {
    out_.cut(mark.size);
    page_ = mark.page;
    in_results_ = mark.in_results;
}

bool Writer::keep_within(const Mark& before, std::size_t limit) {
    if (size() <= limit) return true;
    back(before);
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
    return out_.take();
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
