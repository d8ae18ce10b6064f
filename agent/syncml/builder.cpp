#include "agent/syncml/builder.h"

#include <algorithm>

#include "agent/syncml/escape.h"
#include "platform/base/text.h"

namespace steward::syncml {
namespace {

void trim_in_place(std::string& text) {
    if (text.empty() || (text.front() > ' ' && text.back() > ' ')) return;
    const std::string_view kept = trim(text);
    if (kept.size() == text.size()) return;
    const auto begin = static_cast<std::size_t>(kept.data() - text.data());
    text.erase(kept.empty() ? 0 : begin + kept.size());
    text.erase(0, kept.empty() ? std::string::npos : begin);
}

// Returns the bytes that were copied.
std::size_t take_default(std::string& field, const std::string& value) {
    if (!field.empty()) return 0;
    field = value;
    return value.size();
}

// An element that `meta` has stays; what it lacks comes from `defaults`. Returns the bytes that were copied.
std::size_t merge(Meta& meta, const Meta& defaults) {
    std::size_t copied = take_default(meta.format, defaults.format) + take_default(meta.type, defaults.type);
    if (!defaults.rare) return copied;
    Meta::Rare& rare = meta.set();
    copied += take_default(rare.mark, defaults.rare->mark);
    copied += take_default(rare.size, defaults.rare->size);
    copied += take_default(rare.next_nonce, defaults.rare->next_nonce);
    copied += take_default(rare.max_msg_size, defaults.rare->max_msg_size);
    copied += take_default(rare.max_obj_size, defaults.rare->max_obj_size);
    copied += take_default(rare.version, defaults.rare->version);
    copied += take_default(rare.emi, defaults.rare->emi);
    return copied;
}

bool contains_commands(Name name) {
    return name == Name::atomic || name == Name::sequence;
}

std::string shown(std::string_view name) {
    return "<" + legal(name.substr(0, 64)) + ">";
}

}  // namespace

Builder::Builder(const Limits& limits, std::size_t message_bytes)
    : limits_(limits), bytes_(message_bytes), budget_(limits.bytes) {
    limits_.depth = std::min(limits.depth, Limits::deepest);
}

bool Builder::fail(Fault fault, std::string what) {
    error_ = {fault, std::move(what), {}};
    return false;
}

bool Builder::too_deep() {
    return fail(Fault::too_large, "elements are nested deeper than " + std::to_string(limits_.depth));
}

// A string table that many texts refer to, or a Meta that many items inherit, would multiply the message.
bool Builder::spend(std::size_t bytes) {
    if (bytes > budget_) {
        return fail(Fault::too_large,
                    "the texts of the message are longer than " + std::to_string(limits_.bytes) + " bytes together");
    }
    budget_ -= bytes;
    return true;
}

bool Builder::enter(Kind kind) {
    outer_[depth_] = top_;
    top_ = kind;
    return true;
}

bool Builder::skip() {
    ++skipped_;
    return true;
}

bool Builder::enter_leaf(std::string& field, std::size_t limit) {
    field.clear();
    field_ = &field;
    room_ = limit;
    return enter(Kind::leaf);
}

bool Builder::enter_meta(Meta& meta) {
    meta_ = &meta;
    return enter(Kind::meta);
}

bool Builder::enter_reference(std::vector<std::string>& references) {
    if (++reference_count_ > limits_.references) {
        return fail(Fault::too_large, "the message has more than " + std::to_string(limits_.references) +
                                          " target and source references");
    }
    return enter_leaf(references.emplace_back(), limits_.uri);
}

bool Builder::enter_credential(std::optional<Credential>& credential) {
    credential_ = &credential.emplace();
    return enter(Kind::cred);
}

bool Builder::start(Tag tag, std::string_view name, bool foreign) {
    if (++depth_ > limits_.depth) return too_deep();
    if (skipped_ != 0) return skip();
    switch (top_) {
        case Kind::document:
            return start_root(tag, name, foreign);
        case Kind::syncml:
            if (tag == Tag::sync_body) return enter(Kind::body);
            if (tag != Tag::sync_hdr) return skip();
            if (saw_header_) return fail(Fault::malformed, "the message has a second SyncHdr");
            saw_header_ = true;
            return enter(Kind::header);
        case Kind::header:
            return start_in_header(tag);
        case Kind::body:
            if (tag != Tag::final) return start_command(tag, name, foreign);
            message_.final = true;
            return skip();
        case Kind::command:
            return start_in_command(tag, name, foreign);
        case Kind::item:
            return start_in_item(tag);
        case Kind::header_location:
            if (tag == Tag::loc_uri) return enter_leaf(location_->uri, limits_.uri);
            if (tag == Tag::loc_name) return enter_leaf(location_->name, limits_.text);
            return skip();
        case Kind::item_location:
            return tag == Tag::loc_uri ? enter_leaf(*item_uri_, limits_.uri) : skip();
        case Kind::meta:
            return start_in_meta(tag, name);
        case Kind::cred:
            if (tag == Tag::meta) return enter_meta(credential_->meta);
            return tag == Tag::data ? enter_leaf(credential_->data, limits_.text) : skip();
        case Kind::chal:
            return tag == Tag::meta ? enter_meta(*commands_.back()->set().chal) : skip();
        case Kind::leaf:
        case Kind::item_data:
            break;  // elements in Data come as markup
    }
    return skip();
}

bool Builder::start_root(Tag tag, std::string_view name, bool foreign) {
    saw_root_ = true;
    if (same_ignoring_case(name, "Envelope")) {
        return fail(Fault::malformed, "this is a SOAP envelope, not a SyncML message");
    }
    if (same_ignoring_case(name, "html")) {
        return fail(Fault::malformed, "this is an HTML page, not a SyncML message");
    }
    if (tag != Tag::syncml && tag != Tag::sync_body) {
        return fail(Fault::malformed,
                    "the root element is " + shown(tag == Tag::none ? name : name_of(tag)) + ", not SyncML");
    }
    if (foreign) {
        return fail(Fault::malformed, "the root element " + shown(name_of(tag)) + " is not of a SyncML namespace");
    }
    // Tools for local management hand over a bare SyncBody.
    return enter(tag == Tag::syncml ? Kind::syncml : Kind::body);
}

bool Builder::start_in_header(Tag tag) {
    Header& header = message_.header;
    switch (tag) {
        case Tag::ver_dtd:
            return enter_leaf(header.ver_dtd, limits_.text);
        case Tag::ver_proto:
            return enter_leaf(header.ver_proto, limits_.text);
        case Tag::session_id:
            return enter_leaf(header.session_id, limits_.text);
        case Tag::msg_id:
            return enter_leaf(header.msg_id, limits_.text);
        case Tag::resp_uri:
            return enter_leaf(header.resp_uri, limits_.uri);
        case Tag::target:
            location_ = &header.target;
            return enter(Kind::header_location);
        case Tag::source:
            location_ = &header.source;
            return enter(Kind::header_location);
        case Tag::cred:
            return enter_credential(header.cred);
        case Tag::meta:
            return enter_meta(header.meta);
        case Tag::no_resp:
            header.no_resp = true;
            return skip();
        default:
            return skip();
    }
}

bool Builder::start_in_command(Tag tag, std::string_view name, bool foreign) {
    Command& command = *commands_.back();
    switch (tag) {
        case Tag::cmd_id:
            return enter_leaf(command.cmd_id, limits_.text);
        case Tag::item:
            if (++item_count_ > limits_.items) {
                return fail(Fault::too_large, "the message has more than " + std::to_string(limits_.items) + " items");
            }
            item_ = &command.items.emplace_back();
            return enter(Kind::item);
        case Tag::meta:
            return enter_meta(command.meta);
        case Tag::data:
            return enter_leaf(command.data, limits_.text);
        case Tag::msg_ref:
            return enter_leaf(command.set().msg_ref, limits_.text);
        case Tag::cmd_ref:
            return enter_leaf(command.set().cmd_ref, limits_.text);
        case Tag::cmd:
            return enter_leaf(command.set().cmd, limits_.text);
        case Tag::target_ref:
            return enter_reference(command.set().target_refs);
        case Tag::source_ref:
            return enter_reference(command.set().source_refs);
        case Tag::correlator:
            return enter_leaf(command.set().correlator, limits_.text);
        case Tag::cred:
            return enter_credential(command.set().cred);
        case Tag::chal:
            command.set().chal.emplace();
            return enter(Kind::chal);
        case Tag::no_resp:
            command.no_resp = true;
            return skip();
        case Tag::type:
            return enter_leaf(command.meta.type, limits_.text);
        case Tag::format:
            return enter_leaf(command.meta.format, limits_.text);
        case Tag::lang:
        case Tag::archive:
        case Tag::sft_del:
        case Tag::no_results:
        case Tag::number_of_changes:
            return skip();  // legal SyncML without a role in DM
        default:
            break;
    }
    if (contains_commands(command.name)) return start_command(tag, name, foreign);
    if (tag == Tag::none && same_ignoring_case(name, "chal")) {
        command.set().chal.emplace();
        return enter(Kind::chal);
    }
    return skip();
}

bool Builder::start_in_item(Tag tag) {
    switch (tag) {
        case Tag::target:
            item_uri_ = &item_->target;
            return enter(Kind::item_location);
        case Tag::source:
            item_uri_ = &item_->source;
            return enter(Kind::item_location);
        case Tag::meta:
            return enter_meta(item_->meta);
        case Tag::data:
            data_.begin(item_->data.emplace(), limits_.data);
            return enter(Kind::item_data);
        case Tag::more_data:
            item_->more_data = true;
            return skip();
        case Tag::type:
            return enter_leaf(item_->meta.type, limits_.text);
        case Tag::format:
            return enter_leaf(item_->meta.format, limits_.text);
        default:
            return skip();
    }
}

bool Builder::start_in_meta(Tag tag, std::string_view name) {
    switch (tag) {
        case Tag::format:
            return enter_leaf(meta_->format, limits_.text);
        case Tag::type:
            return enter_leaf(meta_->type, limits_.text);
        case Tag::mark:
            return enter_leaf(meta_->set().mark, limits_.text);
        case Tag::size:
            return enter_leaf(meta_->set().size, limits_.text);
        case Tag::next_nonce:
            return enter_leaf(meta_->set().next_nonce, limits_.text);
        case Tag::max_msg_size:
            return enter_leaf(meta_->set().max_msg_size, limits_.text);
        case Tag::max_obj_size:
            return enter_leaf(meta_->set().max_obj_size, limits_.text);
        case Tag::version:
            return enter_leaf(meta_->set().version, limits_.text);
        case Tag::emi:
            return enter_leaf(meta_->set().emi, limits_.text);
        case Tag::met_inf:
            return enter(Kind::meta);  // its children count as Meta's
        default:
            break;
    }
    for (const Tag known : {Tag::format, Tag::type, Tag::next_nonce}) {  // peers that write chal write these so, too
        if (tag == Tag::none && same_ignoring_case(name, name_of(known))) return start_in_meta(known, name_of(known));
    }
    return skip();
}

bool Builder::start_command(Tag tag, std::string_view name, bool foreign) {
    if (++command_count_ > limits_.commands) {
        return fail(Fault::too_large, "the message has more than " + std::to_string(limits_.commands) + " commands");
    }
    if (commands_.size() > limits_.containers) {
        return fail(Fault::too_large,
                    "Atomic and Sequence are nested deeper than " + std::to_string(limits_.containers));
    }
    if (commands_.empty()) reserve_commands();
    Command& command = (commands_.empty() ? message_.commands : commands_.back()->children).emplace_back();
    command.name = foreign ? Name::unknown : command_of(tag);
    if (command.name == Name::unknown)
        command.set().element = (tag == Tag::none ? name : name_of(tag)).substr(0, limits_.text);
    commands_.push_back(&command);
    return enter(Kind::command);
}

// Room for as many commands as the rest of the message will hold if it goes on like this: doubling would take up to
// three times the memory of the commands while they move.
void Builder::reserve_commands() {
    std::vector<Command>& commands = message_.commands;
    if (commands.size() < commands.capacity()) return;
    const std::size_t have = commands.size();
    std::size_t room = std::max<std::size_t>(have + have / 2, 16);
    if (have >= 64 && read_ != 0) {
        const double whole = static_cast<double>(have) * static_cast<double>(bytes_) / static_cast<double>(read_);
        room = std::max(room - have / 4, static_cast<std::size_t>(whole * 1.02) + 16);
    }
    commands.reserve(std::min(room, std::max(limits_.commands, have + 1)));
}

bool Builder::text(std::string_view text) {
    if (skipped_ != 0) return true;
    if (top_ == Kind::item_data) return spend(text.size()) && check_data(data_.text(text));
    if (field_ == nullptr) return true;
    if (!spend(text.size())) return false;
    if (text.size() > room_) {
        return fail(Fault::too_large, "the text of an element is longer than the limit for its kind");
    }
    room_ -= text.size();
    field_->append(text);
    return true;
}

bool Builder::verbatim(std::string_view part) {
    return in_data() ? spend(part.size()) && check_data(data_.verbatim(part)) : text(part);
}

bool Builder::markup_start(std::string_view markup) {
    if (++depth_ > limits_.depth) return too_deep();
    return spend(markup.size()) && check_data(data_.markup_start(markup));
}

bool Builder::markup_end(std::string_view name) {
    --depth_;
    return spend(name.size()) && check_data(data_.markup_end(name));
}

bool Builder::check_data(bool within) {
    return within || fail(Fault::too_large, "Data is longer than " + std::to_string(limits_.data) + " bytes");
}

void Builder::original_error(std::string_view code) {
    if (skipped_ == 0 && top_ == Kind::leaf && !commands_.empty() && field_ == &commands_.back()->data) {
        commands_.back()->set().original_error = trim(code.substr(0, limits_.text));
    }
}

bool Builder::end() {
    const std::size_t depth = depth_--;
    if (skipped_ != 0) {
        --skipped_;
        return true;
    }
    const Kind kind = top_;
    top_ = outer_[depth];
    if (kind == Kind::leaf) {
        end_leaf();
    } else if (kind == Kind::item_data) {
        data_.end();
    } else if (kind == Kind::command) {
        return end_command();
    }
    return true;
}

void Builder::end_leaf() {
    trim_in_place(*field_);
    field_ = nullptr;
}

bool Builder::end_command() {
    Command& command = *commands_.back();
    commands_.pop_back();
    return command.meta.empty() || merge_into_items(command, command.meta);
}

// Recursion ends at Limits::containers.
bool Builder::merge_into_items(Command& command, const Meta& defaults) {
    for (Item& item : command.items) {
        if (!spend(merge(item.meta, defaults))) return false;
    }
    for (Command& child : command.children) {
        if (!merge_into_items(child, defaults)) return false;
    }
    return true;
}

}  // namespace steward::syncml
