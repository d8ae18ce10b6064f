// From commands to the bytes of a SyncML message, in the form Windows sends: one line, default namespace, no XML
// declaration, elements in the order of the DTD, Cmd inside Results. Source: interop S11 and S14, protocol sheet
// appendix A and section 9.
//
// XML can hold neither control characters (except tab, line feed and carriage return) nor bytes that are no UTF-8:
// each is written as U+FFFD, so that one bad value does not spoil a whole message. Binary data belongs in base64.
// In WBXML, data that holds a NUL travels as OPAQUE; an element that has no token (Name::unknown) is left out.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "agent/syncml/encoding.h"
#include "agent/syncml/message.h"
#include "agent/syncml/output.h"
#include "agent/syncml/reply.h"

namespace steward::syncml {

std::string write_xml(const Message& message);

// Either form.
std::string write(Encoding encoding, const Message& message);

// Builds one message command by command, so that a sender can stop at the peer's MaxMsgSize. What stands is never
// written again; add() costs what the command is long.
class Writer {
  public:
    Writer(const Header& header, bool microsoft, Encoding encoding);

    std::size_t size() const;  // bytes that finish(true) would give now; finish(false) gives a few less
    std::size_t size_of(const Command& command) const;  // bytes by which add() would let size() grow

    void add(const Command& command);
    void expect(std::size_t bytes) { out_.reserve(out_.size() + bytes); }  // about so much will be added

    // Adds the command if the finished message then has at most `limit` bytes; false: nothing was added. Cheaper than
    // size_of() and add().
    bool add_within(const Command& command, std::size_t limit);

    bool add_status_within(const Reply& status, std::size_t limit);

    // Results, Item by Item. An Item that would make the finished message longer than `limit` is not added: false. In
    // between, size() counts Results as closed.
    void open_results(const Reply& results);
    bool add_item_within(const ReplyItem& item, std::size_t limit);
    void close_results();

    // To try something out: back() takes away what was added since mark().
    struct Mark {
        std::size_t size;
        unsigned char page;
        bool in_results;
    };
    Mark mark() const { return {out_.size(), page_, in_results_}; }
    void back(const Mark& mark);

    std::string finish(bool final);  // closes the message and hands it out; the Writer is spent

  private:
    Encoding encoding_;
    bool microsoft_;
    unsigned char page_ = 0;  // WBXML: the current code page
    bool in_results_ = false;
    Output out_;

    template <class Write>
    void emit(Write write);
    bool keep_within(const Mark& before, std::size_t limit);
};

// For a large object that must be cut: the bytes that the content of a Data element takes on the wire, and the length
// of the longest beginning of `data` that takes at most `budget` of them and ends at a character.
std::size_t encoded_size(Encoding encoding, std::string_view data);
std::size_t prefix_within(Encoding encoding, std::string_view data, std::size_t budget);

}  // namespace steward::syncml
