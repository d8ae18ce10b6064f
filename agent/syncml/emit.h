// The order in which the elements of a message are written, for any encoding. Source: protocol sheet appendix A.
//
// A Sink has: open(Tag), close(Tag), empty(Tag), leaf(Tag, text), data(text), status_data(code, original_error) and
// unknown(name, bool open).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "agent/syncml/elements.h"
#include "agent/syncml/message.h"
#include "agent/syncml/reply.h"

namespace steward::syncml {

template <class Sink>
class Emitter {
  public:
    explicit Emitter(Sink sink) : sink_(sink) {}

    void header(const Header& header) {
        sink_.open(Tag::sync_hdr);
        leaf(Tag::ver_dtd, header.ver_dtd);
        leaf(Tag::ver_proto, header.ver_proto);
        leaf(Tag::session_id, header.session_id);
        leaf(Tag::msg_id, header.msg_id);
        location(Tag::target, header.target);
        location(Tag::source, header.source);
        leaf(Tag::resp_uri, header.resp_uri);
        if (header.no_resp) sink_.empty(Tag::no_resp);
        credential(header.cred);
        meta(header.meta);
        sink_.close(Tag::sync_hdr);
    }

    void command(const Command& command) {
        const Tag tag = tag_of(command.name);
        if (tag == Tag::none) {
            if (!sink_.unknown(command.get().element, true)) return;
            body(command);
            sink_.unknown(command.get().element, false);
            return;
        }
        sink_.open(tag);
        body(command);
        sink_.close(tag);
    }

    void status(const Reply& reply) {
        sink_.open(Tag::status);
        begin(reply);
        if (reply.target_ref != nullptr) sink_.leaf(Tag::target_ref, *reply.target_ref);
        data(reply.code, reply.original_error);
        for (const std::string& text : reply.texts) {
            sink_.open(Tag::item);
            sink_.data(text);
            sink_.close(Tag::item);
        }
        sink_.close(Tag::status);
    }

    void open_results(const Reply& reply) {
        sink_.open(Tag::results);
        begin(reply);
    }
    void results_item(const ReplyItem& item) {
        sink_.open(Tag::item);
        uri(Tag::source, item.source);
        if (!item.format.empty() || !item.type.empty() || !item.size.empty()) {
            sink_.open(Tag::meta);
            leaf(Tag::format, item.format);
            leaf(Tag::type, item.type);
            leaf(Tag::size, item.size);
            sink_.close(Tag::meta);
        }
        if (item.data) sink_.data(*item.data);
        if (item.more_data) sink_.empty(Tag::more_data);
        sink_.close(Tag::item);
    }
    void close_results() { sink_.close(Tag::results); }

  private:
    void begin(const Reply& reply) {
        leaf(Tag::cmd_id, reply.cmd_id);
        leaf(Tag::msg_ref, reply.msg_ref);
        sink_.leaf(Tag::cmd_ref, reply.cmd_ref);  // empty: it answers a command that had no CmdID
        leaf(Tag::cmd, reply.cmd);
    }

    void data(std::string_view code, std::string_view original_error) {
        if (!original_error.empty()) {
            sink_.status_data(code, original_error);
        } else {
            leaf(Tag::data, code);
        }
    }

    void body(const Command& command) {
        leaf(Tag::cmd_id, command.cmd_id);
        if (!command.rare) {
            if (command.no_resp) sink_.empty(Tag::no_resp);
            meta(command.meta);
            leaf(Tag::data, command.data);
        } else {
            rare(command, *command.rare);
        }
        for (const Item& one : command.items) item(one);
        for (const Command& child : command.children) this->command(child);
    }

    void rare(const Command& command, const Command::Rare& rare) {
        leaf(Tag::msg_ref, rare.msg_ref);
        if (command.name == Name::status) {
            sink_.leaf(Tag::cmd_ref, rare.cmd_ref);  // empty: it answers a command that had no CmdID
        } else {
            leaf(Tag::cmd_ref, rare.cmd_ref);
        }
        leaf(Tag::cmd, rare.cmd);
        if (command.no_resp) sink_.empty(Tag::no_resp);
        if (command.name == Name::results) meta(command.meta);
        for (const std::string& uri : rare.target_refs) sink_.leaf(Tag::target_ref, uri);
        for (const std::string& uri : rare.source_refs) sink_.leaf(Tag::source_ref, uri);
        credential(rare.cred);
        if (command.name != Name::results) meta(command.meta);
        if (rare.chal) {
            sink_.open(Tag::chal);
            meta(*rare.chal);
            sink_.close(Tag::chal);
        }
        leaf(Tag::correlator, rare.correlator);
        data(command.data, rare.original_error);
    }

    void item(const Item& item) {
        sink_.open(Tag::item);
        uri(Tag::target, item.target);
        uri(Tag::source, item.source);
        meta(item.meta);
        if (item.data) sink_.data(*item.data);
        if (item.more_data) sink_.empty(Tag::more_data);
        sink_.close(Tag::item);
    }

    void meta(const Meta& meta) {
        if (meta.empty()) return;
        sink_.open(Tag::meta);
        leaf(Tag::format, meta.format);
        leaf(Tag::type, meta.type);
        if (meta.rare) {
            leaf(Tag::mark, meta.rare->mark);
            leaf(Tag::size, meta.rare->size);
            leaf(Tag::next_nonce, meta.rare->next_nonce);
            leaf(Tag::version, meta.rare->version);
            leaf(Tag::max_msg_size, meta.rare->max_msg_size);
            leaf(Tag::max_obj_size, meta.rare->max_obj_size);
            leaf(Tag::emi, meta.rare->emi);
        }
        sink_.close(Tag::meta);
    }

    void credential(const std::optional<Credential>& credential) {
        if (!credential) return;
        sink_.open(Tag::cred);
        meta(credential->meta);
        leaf(Tag::data, credential->data);
        sink_.close(Tag::cred);
    }

    void location(Tag tag, const Location& location) {
        if (location.empty()) return;
        sink_.open(tag);
        leaf(Tag::loc_uri, location.uri);
        leaf(Tag::loc_name, location.name);
        sink_.close(tag);
    }

    void uri(Tag tag, std::string_view uri) {
        if (uri.empty()) return;
        sink_.open(tag);
        sink_.leaf(Tag::loc_uri, uri);
        sink_.close(tag);
    }

    void leaf(Tag tag, std::string_view text) {
        if (!text.empty()) sink_.leaf(tag, text);
    }

    Sink sink_;
};

}  // namespace steward::syncml
