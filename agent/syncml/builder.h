// Puts a Message together from the events of a reader: an element begins, text, the element ends. The XML and the WBXML
// reader feed the same Builder, so that both give the same Message and keep the same limits.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agent/syncml/elements.h"
#include "agent/syncml/item_data.h"
#include "agent/syncml/limits.h"
#include "agent/syncml/message.h"
#include "platform/base/result.h"

namespace steward::syncml {

// After a call returned false, error() says why (without the place, which only the reader knows), and no more calls
// may follow but that.
class Builder {
  public:
    Builder(const Limits& limits, std::size_t message_bytes);

    // name: as it stands in the document; only read where the tag is none. foreign: of a namespace that has nothing to
    // do with SyncML.
    bool start(Tag tag, std::string_view name, bool foreign);
    bool text(std::string_view text);
    bool verbatim(std::string_view text);  // CDATA, OPAQUE: white space inside counts, white space around does not
    bool end();

    // Elements inside an Item's Data are content and come as markup: "<name attribute=\"value\"" without the ">".
    bool in_data() const { return top_ == Kind::item_data && skipped_ == 0; }
    bool in_markup() const { return data_.in_markup(); }
    bool markup_start(std::string_view markup);
    bool markup_end(std::string_view name);

    void microsoft() { message_.microsoft = true; }
    void original_error(std::string_view code);          // attribute of the element that has just begun
    void progress(std::size_t bytes) { read_ = bytes; }  // bytes of the message that are done with, for estimates

    std::size_t depth() const { return depth_; }  // open elements
    bool saw_root() const { return saw_root_; }
    Error& error() { return error_; }
    Message take() { return std::move(message_); }

  private:
    enum class Kind : std::uint8_t {
        document,
        syncml,
        header,
        body,
        command,
        item,
        header_location,
        item_location,
        meta,
        cred,
        chal,
        leaf,
        item_data
    };

    bool fail(Fault fault, std::string what);
    bool too_deep();
    bool spend(std::size_t bytes);
    bool enter(Kind kind);
    bool skip();
    bool enter_leaf(std::string& field, std::size_t limit);
    bool enter_meta(Meta& meta);
    bool enter_reference(std::vector<std::string>& references);
    bool enter_credential(std::optional<Credential>& credential);

    bool start_root(Tag tag, std::string_view name, bool foreign);
    bool start_in_header(Tag tag);
    bool start_in_command(Tag tag, std::string_view name, bool foreign);
    bool start_in_item(Tag tag);
    bool start_in_meta(Tag tag, std::string_view name);
    bool start_command(Tag tag, std::string_view name, bool foreign);
    void reserve_commands();

    bool check_data(bool within);
    void end_leaf();
    bool end_command();
    bool merge_into_items(Command& command, const Meta& defaults);

    Limits limits_;
    std::size_t bytes_;
    std::size_t read_ = 0;
    Message message_;
    Error error_;

    Kind top_ = Kind::document;  // what is open: the innermost element that is not skipped
    std::size_t depth_ = 0;
    std::array<Kind, Limits::deepest + 1> outer_{};  // by depth: what was innermost before that element began
    std::size_t skipped_ = 0;                        // open elements that nobody wants
    bool saw_root_ = false;
    bool saw_header_ = false;

    // What is open. Pointers into vectors stay good: no sibling begins while one is open.
    std::vector<Command*> commands_;
    Item* item_ = nullptr;
    Meta* meta_ = nullptr;
    Credential* credential_ = nullptr;
    Location* location_ = nullptr;
    std::string* item_uri_ = nullptr;
    std::string* field_ = nullptr;  // where text goes
    std::size_t room_ = 0;          // bytes it may still take

    std::size_t budget_;  // bytes that the texts of the message may still take
    std::size_t command_count_ = 0, item_count_ = 0, reference_count_ = 0;

    ItemData data_;
};

}  // namespace steward::syncml
