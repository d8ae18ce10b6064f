#include "agent/tree/change.h"

#include <algorithm>

#include "agent/tree/check.h"
#include "platform/base/text.h"

namespace steward::tree {
namespace {

constexpr std::size_t longest_title = 255;  // bytes; TND 1.2 7.7.6

}  // namespace

Outcome Change::run(const Context& context, const Operation& operation, Units& dirty) {
    if (operation.verb == Verb::copy) return copy(context, operation, dirty);
    const Fault below_leaf = operation.verb == Verb::add ? Fault::refused : Fault::not_found;
    if (auto found = finder_.find(operation.uri, below_leaf); !found) return found;
    const Uri& uri = finder_.uri();
    const Place& place = finder_.place();
    if (!uri.list().empty()) {
        return Error{Fault::refused, "?list= can only be read.", operation.uri};
    }
    if (!uri.property().empty()) return property(context, place, uri.property(), operation, dirty);
    const bool adds = operation.verb == Verb::add || operation.verb == Verb::replace;
    if (adds && operation.type.starts_with(tnds_type)) return subtree(context, Place(place), operation, dirty);
    switch (operation.verb) {
        case Verb::add:
            return add(context, place, operation, dirty);
        case Verb::replace:
            return replace(context, place, operation, dirty);
        case Verb::erase:
            return erase(context, place, dirty);
        default:
            return Error{Fault::bug, "This verb changes nothing.", name_of(operation.verb)};
    }
}

void Change::touched(const Place& place, Units& dirty) {
    if (place.entry->managed != nullptr) dirty.add({place.entry->managed, table_key(place.keys)});
}

void Change::touched(std::string_view uri, Units& dirty) {
    if (const auto place = mount_.find(uri)) touched(*place, dirty);
}

std::vector<std::string> Change::uris_of(const std::string& authority, const std::string& uri) const {
    std::vector<std::string> uris;
    if (policies_.at(uri, authority) != nullptr) uris.push_back(uri);
    policies_.below(uri, [&](const std::string& below, const store::Rows&) {
        if (policies_.at(below, authority) != nullptr) uris.push_back(below);
        return true;
    });
    return uris;
}

Outcome Change::put(const Context& context, const Place& place, const Operation& operation, Units& dirty) {
    auto data = check_value(place, operation);
    if (!data) return data.error();
    const csp::Node& node = place.entry->node;
    store::Row row;
    row.authority = context.authority;
    row.session = context.session_id;
    row.format = node.format;
    row.data = std::move(*data);
    row.secret = node.secret;
    policies_.put(place.uri, std::move(row));
    touched(place, dirty);
    return {};
}

Outcome Change::add(const Context& context, const Place& place, const Operation& operation, Units& dirty) {
    const csp::Node& node = place.entry->node;
    if (auto allowed = access_.check(context, Verb::add, place); !allowed) return allowed;
    if (reader_.exists(context, place, Sight::own_rows)) {
        return Error{Fault::exists, place.uri + " exists already.", {}};
    }
    if (!node.interior()) return put(context, place, operation, dirty);
    if (operation.data && !trim(*operation.data).empty()) {
        return Error{Fault::format, place.uri + " is an interior node: it takes no Data.", {}};
    }
    store::Row row;
    row.authority = context.authority;
    row.session = context.session_id;
    row.format = csp::Format::node;
    row.type = operation.type;
    policies_.put(place.uri, std::move(row));
    touched(place, dirty);
    return {};
}

Outcome Change::replace(const Context& context, const Place& place, const Operation& operation, Units& dirty) {
    const csp::Node& node = place.entry->node;
    if (node.interior()) {
        return Error{Fault::refused, place.uri + " is an interior node: Replace its leaves.", {}};
    }
    if (auto allowed = access_.check(context, Verb::replace, place); !allowed) return allowed;
    if (!reader_.exists(context, place, Sight::own_rows)) {
        if ((node.access & csp::can_add) == 0 || node.strict_replace) {
            return Error{Fault::not_found, "There is no " + place.uri + " to replace.", {}};
        }
        if (auto allowed = access_.check(context, Verb::add, place); !allowed) return allowed;
    }
    return put(context, place, operation, dirty);
}

Outcome Change::erase(const Context& context, const Place& place, Units& dirty) {
    if (place.entry->parent == nullptr) return Error{Fault::refused, "The root cannot be deleted.", {}};
    if (auto allowed = access_.check(context, Verb::erase, place); !allowed) return allowed;
    const auto gone = uris_of(context.authority, place.uri);
    if (gone.empty()) return Error{Fault::not_found, "There is no " + place.uri + " to delete.", {}};
    for (const auto& uri : gone) {
        policies_.remove(uri, context.authority);
        touched(uri, dirty);
    }
    for (const char* name : {"ACL", "Title"}) {
        const std::string key = property_key(place.uri, name);
        std::vector<std::pair<std::string, std::string>> rows;
        const auto collect = [&](const std::string& uri, const store::Rows& of_uri) {
            for (const auto& row : of_uri) rows.emplace_back(uri, row.authority);
            return true;
        };
        if (const auto* own = policies_.at(key)) collect(key, *own);
        policies_.below(key, collect);
        for (const auto& [uri, authority] : rows) policies_.remove(uri, authority);
    }
    return {};
}

// A document of nodes, all or nothing. Add makes what is not there; Replace also takes away what the document does not
// mention. Source: OMA DM Representation Protocol 1.2 (Add, Replace), protocol sheet 6.4.
Outcome Change::subtree(const Context& context, const Place& place, const Operation& operation, Units& dirty) {
    if (operation.type != std::string(tnds_type) + "+xml") {
        return Error{Fault::format, "Trees are understood as XML (TNDS) only.", operation.type};
    }
    const csp::Node& node = place.entry->node;
    if (!node.interior()) return Error{Fault::format, place.uri + " is a leaf: it takes a value, not a tree.", {}};
    auto wishes = read_tnds(operation.data.value_or(std::string()), node.dynamic() ? place.keys.back() : node.name);
    if (!wishes) return wishes.error();

    const auto mark = policies_.mark();
    Units touched_units;
    Outcome done;
    if (operation.verb == Verb::replace) {
        for (const auto& uri : uris_of(context.authority, place.uri)) {
            const auto old = mount_.find(uri);
            // What stood below something that was erased is gone already.
            if (uri == place.uri || !old || policies_.at(uri, context.authority) == nullptr) continue;
            if (old->entry->node.permanent()) continue;  // set anew, or left
            if (done = erase(context, *old, touched_units); !done) break;
        }
    }
    for (auto wish = wishes->begin(); done && wish != wishes->end(); ++wish) {
        done = fill(context, place.uri, *wish, operation.verb, touched_units);
    }
    if (!done) {
        policies_.rollback(mark);
        return done;
    }
    for (const auto& unit : touched_units.list()) dirty.add(unit);
    return {};
}

// One node of such a document. What is there stays as it is, unless Add says that it must be new.
Outcome Change::fill(const Context& context, const std::string& target, const TndsWish& wish, Verb verb, Units& dirty) {
    Operation operation;
    operation.uri = wish.path.empty() ? target : target + '/' + wish.path;
    operation.format = wish.format;
    operation.type = wish.type;
    operation.data = wish.value;
    const auto place = mount_.find(operation.uri);
    if (!place) return place.error();
    const csp::Node& node = place->entry->node;
    if (wish.interior != node.interior()) {
        return Error{Fault::format, place->uri + (wish.interior ? " is a leaf." : " is an interior node."), {}};
    }
    const bool there = reader_.exists(context, *place, Sight::own_rows);
    Outcome done;
    if (!there || (verb == Verb::add && (node.dynamic() || !node.interior()))) {
        done = add(context, *place, operation, dirty);
    } else if (!node.interior()) {
        done = replace(context, *place, operation, dirty);
    }
    for (const auto& [name, text] : {std::pair("ACL", &wish.acl), std::pair("Title", &wish.title)}) {
        if (!done || !*text) continue;
        operation.verb = Verb::replace;
        operation.data = *text;
        done = property(context, *place, name, operation, dirty);
    }
    return done;
}

Outcome Change::copy(const Context& context, const Operation& operation, Units& dirty) {
    Operation read;
    read.uri = operation.source;
    Answer answer;
    reader_.get(context, read, answer);
    if (answer.state == Answer::State::failed) return answer.error;
    const Found& found = answer.found.front();
    if (answer.found.size() != 1 || found.format == csp::Format::node) {
        return Error{Fault::busy, "Only leaves can be copied, and " + operation.source + " is none.", {}};
    }
    Operation write;
    write.verb = Verb::replace;
    write.uri = operation.uri;
    write.format = csp::name_of(found.format);
    write.data = found.data;
    return run(context, write, dirty);
}

Outcome Change::property(const Context& context, const Place& place, std::string_view property,
                         const Operation& operation, Units& dirty) {
    const bool acl = same_ignoring_case(property, "ACL");
    const bool title = same_ignoring_case(property, "Title");
    const bool name = same_ignoring_case(property, "Name");
    if (operation.verb != Verb::replace) {
        return Error{Fault::refused, "A property takes Get and Replace only.", operation.uri};
    }
    if (!acl && !title && !name) {
        for (const char* fixed : {"Format", "Type", "Size", "TStamp", "VerNo"}) {
            if (same_ignoring_case(property, fixed)) {
                return Error{Fault::refused, std::string(fixed) + " of a node cannot be changed.", operation.uri};
            }
        }
        return Error{Fault::unsupported, "Nodes have no property \"" + std::string(property) + "\" here.", {}};
    }
    auto allowed = acl                               ? access_.check_acl(context, Verb::replace, place)
                   : access_.foreign(context, place) ? access_.check(context, Verb::replace, place)
                                                     : Outcome();
    if (!allowed) return allowed;
    if (!reader_.exists(context, place, Sight::own_rows)) {
        return Error{Fault::not_found, "There is no " + place.uri + ".", {}};
    }
    std::string text(trim(operation.data.value_or(std::string())));
    if (name) return rename(context, place, text, dirty);
    if (acl && !valid_acl(text)) return Error{Fault::invalid, "This is no ACL.", text};
    if (acl && text.empty() && place.entry->parent == nullptr) {
        return Error{Fault::refused, "The root must have an ACL.", {}};
    }
    if (title && text.size() > longest_title) {
        return Error{Fault::too_large, "A title has at most 255 bytes.", text.substr(0, 80)};
    }
    const std::string key = property_key(place.uri, acl ? "ACL" : "Title");
    // A property has one value, whoever wrote it last.
    if (const auto* rows = policies_.at(key)) policies_.remove(key, std::string(rows->front().authority));
    if (text.empty()) return {};
    store::Row row;
    row.authority = context.authority;
    row.session = context.session_id;
    row.data = std::move(text);
    policies_.put(key, std::move(row));
    return {};
}

Outcome Change::rename(const Context& context, const Place& place, const std::string& name, Units& dirty) {
    if (!place.entry->node.dynamic()) {
        return Error{Fault::refused, place.uri + " is a permanent node: its name cannot change.", {}};
    }
    Uri check;
    if (auto valid = check.parse(encode_segment(name)); !valid || name.find('/') != std::string::npos) {
        return Error{Fault::invalid, "\"" + name + "\" is no name of a node.", {}};
    }
    Place target = place;
    target.keys.back() = name;
    target.uri = canonical_uri(*target.entry, target.keys);
    if (target.uri == place.uri) return {};
    if (reader_.exists(context, target, Sight::all_rows)) {
        return Error{Fault::exists, target.uri + " exists already.", {}};
    }
    for (const auto& uri : uris_of(context.authority, place.uri)) {
        const std::string to = target.uri + uri.substr(place.uri.size());
        store::Row row = *policies_.at(uri, context.authority);
        policies_.remove(uri, context.authority);
        policies_.put(to, std::move(row));
        touched(uri, dirty);
        touched(to, dirty);
    }
    return {};
}

void Change::release(const std::string& authority, std::span<const std::string> keep, Units& dirty) {
    const auto kept = [&](const std::string& uri) {
        return std::any_of(keep.begin(), keep.end(), [&](const std::string& node) {
            return uri.starts_with(node) && (uri.size() == node.size() || uri[node.size()] == '/');
        });
    };
    std::vector<std::string> gone;
    for (const auto& [uri, rows] : policies_.all()) {
        for (const auto& row : rows) {
            if (row.authority == authority && !kept(uri)) gone.push_back(uri);
        }
    }
    for (const auto& uri : gone) {
        policies_.remove(uri, authority);
        touched(uri, dirty);
    }
}

}  // namespace steward::tree
