// Large objects: the pieces of one that comes in, and where to cut one that goes out. Source: OMA DM Protocol 1.2
// section 7, protocol sheet 3.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "agent/session/status.h"
#include "agent/syncml/encoding.h"
#include "agent/syncml/message.h"
#include "csp/value.h"

namespace steward::session {

// The one large object that is under way from the server.
class Assembly {
  public:
    explicit Assembly(std::size_t limit) : limit_(limit) {}  // bytes of one object

    bool open() const { return open_; }
    bool concerns(const syncml::Command& command, const syncml::Item& item) const;  // it is a piece of this object

    void begin_message();  // a server message starts

    // Takes a piece in: of the open object, or the first of a new one. chunk_stored: more to come. done: the item now
    // holds the whole object. Anything else: the object is dropped.
    Status take(const syncml::Command& command, syncml::Item& item);

    // True when this message brought a piece or closed the object; else an object that is open has been forgotten.
    bool touched() const { return touched_; }

    std::string interrupt();  // drops the object and gives its target

  private:
    Status refuse(const syncml::Item& item, Status why);
    Status start(const syncml::Command& command, syncml::Item& item);
    void drop();

    std::size_t limit_;
    bool open_ = false, touched_ = false;
    // Set after a piece was refused while more were to come: the next ones are no values of their own.
    std::optional<Status> refused_;
    syncml::Name name_ = syncml::Name::unknown;
    std::string target_, format_, type_, data_;
    std::size_t size_ = 0;
};

// How much of rest goes into a piece that may take budget bytes on the wire: whole characters, in base64 whole groups
// of four, never nothing.
std::size_t cut(syncml::Encoding encoding, csp::Format format, std::string_view rest, std::size_t budget);

}  // namespace steward::session
