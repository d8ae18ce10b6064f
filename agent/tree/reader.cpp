#include "agent/tree/reader.h"

#include <algorithm>
#include <set>

#include "agent/tree/merge.h"
#include "agent/tree/tnds.h"
#include "platform/base/clock.h"
#include "platform/base/text.h"

namespace steward::tree {
namespace {

Error missing(const Place& place) {
    return {Fault::not_found, "There is no " + place.uri + " on this device.", {}};
}

// bin travels as base64 text; its own format name would promise raw octets.
csp::Format on_the_wire(csp::Format format) {
    return format == csp::Format::bin ? csp::Format::b64 : format;
}

// How many dynamic segments the nearest dynamic node at or above this entry has, with that node.
const Entry* nearest_dynamic(const Entry* entry) {
    while (entry != nullptr && !entry->node.dynamic()) entry = entry->parent;
    return entry;
}

}  // namespace

const store::Row* Reader::row(const Context& context, const std::string& uri, Sight sight) const {
    if (sight == Sight::own_rows) return policies_.at(uri, context.authority);
    const auto* rows = policies_.at(uri);
    return rows == nullptr ? nullptr : &rows->front();
}

bool Reader::instance_exists(const Context& context, const Place& place, Sight sight) {
    const Entry* instance = nearest_dynamic(place.entry);
    if (instance == nullptr) return true;
    const auto keys = std::span(place.keys).first(instance->dynamic_depth);
    const std::string uri = canonical_uri(*instance, keys);
    if (row(context, uri, sight) != nullptr) return true;
    if (policies_.any_below(uri, sight == Sight::own_rows ? context.authority : std::string())) return true;
    const auto* interior = std::get_if<csp::Interior>(&instance->node.binding);
    if (interior == nullptr || !interior->inventory) return false;
    const auto& names = converge_.names(*interior->inventory);
    return names && std::find(names->begin(), names->end(), table_key(keys)) != names->end();
}

bool Reader::exists(const Context& context, const Place& place, Sight sight) {
    const csp::Node& node = place.entry->node;
    if (const auto* field = place.entry->field()) {
        if (field->managed) return row(context, place.uri, sight) != nullptr;
        const auto& values = converge_.device(*field->state, table_key(place.keys));
        return values && (*values)[field->index].has_value();
    }
    if (const auto* live = std::get_if<csp::Live>(&node.binding)) {
        const auto read = live->read(place.keys);
        return read || read.error().fault != Fault::not_found;
    }
    if (std::holds_alternative<csp::Kept>(node.binding)) {
        if (row(context, place.uri, sight) != nullptr) return true;
        return node.permanent() && instance_exists(context, place, sight);
    }
    return instance_exists(context, place, sight);
}

Result<std::string> Reader::value(const Context& context, const Place& place, Sight sight) {
    const csp::Node& node = place.entry->node;
    if (const auto* live = std::get_if<csp::Live>(&node.binding)) return live->read(place.keys);
    if (const auto* field = place.entry->field()) {
        if (field->managed && row(context, place.uri, sight) == nullptr) return missing(place);
        const auto& values = converge_.device(*field->state, table_key(place.keys));
        if (!values) return values.error();
        const auto& known = (*values)[field->index];
        if (!known) {
            return Error{Fault::not_found, "This device cannot tell the value of " + place.uri + ".", {}};
        }
        return *known;
    }
    if (std::holds_alternative<csp::Kept>(node.binding)) {
        if (const auto* winner = effective(node, policies_.at(place.uri))) return winner->data;
        return node.otherwise.value_or(std::string());
    }
    return Error{Fault::refused, place.uri + " has no value.", {}};
}

std::vector<Place> Reader::children(const Context& context, const Place& place, Sight sight) {
    std::vector<Place> found;
    const Entry& entry = *place.entry;
    for (const auto& child : entry.children) {
        Place at{child.get(), canonical_uri(*child, place.keys), place.keys};
        if (child->node.interior() || exists(context, at, sight)) found.push_back(std::move(at));
    }
    if (!entry.dynamic) return found;
    std::set<std::string> names;
    const std::size_t start = place.uri.size() + 1;
    policies_.below(place.uri, [&](const std::string& uri, const store::Rows& rows) {
        const auto mine = [&](const store::Row& each) { return each.authority == context.authority; };
        if (sight == Sight::all_rows || std::any_of(rows.begin(), rows.end(), mine)) {
            Uri name;
            if (name.parse(std::string_view(uri).substr(start, uri.find('/', start) - start))) {
                names.emplace(name.segments().front());
            }
        }
        return true;
    });
    if (const auto* interior = std::get_if<csp::Interior>(&entry.dynamic->node.binding);
        interior != nullptr && interior->inventory) {
        if (const auto& present = converge_.names(*interior->inventory)) names.insert(present->begin(), present->end());
    }
    for (const auto& name : names) {
        if (std::any_of(entry.children.begin(), entry.children.end(),
                        [&](const auto& child) { return same_ignoring_case(child->node.name, name); })) {
            continue;  // a row below a static child, not an instance
        }
        Place at{entry.dynamic.get(), {}, place.keys};
        at.keys.push_back(name);
        at.uri = canonical_uri(*at.entry, at.keys);
        if (!access_.foreign(context, at)) found.push_back(std::move(at));
    }
    return found;
}

void Reader::get(const Context& context, const Operation& operation, Answer& answer) {
    const auto fail = [&](Error why) { answer = Answer::failure(std::move(why)); };
    if (auto found = finder_.find(operation.uri); !found) return fail(std::move(found).error());
    const Uri& uri = finder_.uri();
    const Place& place = finder_.place();
    if (!uri.property().empty()) {
        answer = get_property(context, place, uri.property());
        return;
    }
    if (auto allowed = access_.check(context, Verb::get, place); !allowed) return fail(std::move(allowed).error());
    const Sight sight = sight_of(context);
    // A live value is there when it can be read: asking first would read it twice.
    const bool live = uri.list().empty() && std::holds_alternative<csp::Live>(place.entry->node.binding);
    if (!live && !exists(context, place, sight)) return fail(missing(place));
    if (!uri.list().empty()) {
        const std::string_view path = std::string_view(operation.uri).substr(0, operation.uri.find('?'));
        answer = get_list(context, place, path, uri.list());
        return;
    }
    const csp::Node& node = place.entry->node;
    if (node.interior()) {
        answer.found.push_back({{}, csp::Format::node, "text/plain", child_names(context, place, sight)});
        return;
    }
    auto text = value(context, place, sight);
    if (!text && live && text.error().fault == Fault::not_found) return fail(missing(place));
    if (!text) return fail(std::move(text).error());
    Found& found = answer.found.emplace_back();
    found.format = on_the_wire(node.format);
    found.type = node.mime;
    found.data = *std::move(text);
}

std::string Reader::child_names(const Context& context, const Place& place, Sight sight) {
    std::string names;
    for (const auto& child : children(context, place, sight)) {
        if (!names.empty()) names += '/';
        names += encode_segment(child.entry->node.dynamic() ? child.keys.back() : child.entry->node.name);
    }
    return names;
}

Answer Reader::get_property(const Context& context, const Place& place, std::string_view property) {
    const bool acl = same_ignoring_case(property, "ACL");
    const bool guarded = acl || access_.foreign(context, place);
    if (auto allowed = guarded ? access_.check_acl(context, Verb::get, place) : Outcome(); !allowed)
        return Answer::failure(allowed.error());
    const Sight sight = sight_of(context);
    if (!exists(context, place, sight)) return Answer::failure(missing(place));

    const csp::Node& node = place.entry->node;
    const auto* written = row(context, place.uri, sight);
    std::string text;
    if (acl || same_ignoring_case(property, "Title")) {
        if (const auto* rows = policies_.at(property_key(place.uri, acl ? "ACL" : "Title"))) text = rows->front().data;
    } else if (same_ignoring_case(property, "Name")) {
        text = node.dynamic() ? place.keys.back() : node.name;
    } else if (same_ignoring_case(property, "Format")) {
        text = csp::name_of(node.format);
    } else if (same_ignoring_case(property, "Type")) {
        text = node.interior() ? (written != nullptr ? written->type : std::string()) : node.mime;
    } else if (same_ignoring_case(property, "Size") && !node.interior() && (node.access & csp::can_get) != 0) {
        const auto data = value(context, place, sight);
        if (!data) return Answer::failure(data.error());
        text = std::to_string(data->size());
    } else if (same_ignoring_case(property, "VerNo")) {
        text = std::to_string(written != nullptr ? written->version & 0xffff : 0);
    } else if (same_ignoring_case(property, "TStamp")) {
        if (written != nullptr) text = iso_basic(written->time);
    } else {
        return Answer::failure(
            {Fault::unsupported, "Nodes have no property \"" + std::string(property) + "\" here.", {}});
    }
    Answer answer;
    answer.found.push_back({{}, csp::Format::chr, {}, std::move(text)});
    return answer;
}

Outcome Reader::walk(const Context& context, const Place& start, bool with_data,
                     const std::function<void(const Line&)>& visit) {
    const Sight sight = sight_of(context);
    std::vector<Line> waiting;
    waiting.push_back({start, 0, {}});
    while (!waiting.empty()) {
        Line line = std::move(waiting.back());
        waiting.pop_back();
        if (line.place.entry->node.interior()) {
            auto below = children(context, line.place, sight);
            for (auto child = below.rbegin(); child != below.rend(); ++child) {
                if (access_.check(context, Verb::get, *child))
                    waiting.push_back({std::move(*child), line.depth + 1, {}});
            }
        } else if (with_data) {
            auto data = value(context, line.place, sight);
            if (!data) return data.error();
            line.data = std::move(*data);
        }
        visit(line);
    }
    return {};
}

Answer Reader::get_list(const Context& context, const Place& place, std::string_view uri, std::string_view list) {
    Answer answer;
    const auto full_uri = [&](const Place& at) { return std::string(uri) + at.uri.substr(place.uri.size()); };
    if (same_ignoring_case(list, "Struct") || same_ignoring_case(list, "StructData")) {
        const bool with_data = same_ignoring_case(list, "StructData");
        auto walked = walk(context, place, with_data, [&](const Line& line) {
            const csp::Node& node = line.place.entry->node;
            answer.found.push_back({full_uri(line.place), on_the_wire(node.format),
                                    node.interior() ? std::string() : node.mime, line.data});
        });
        if (!walked) return Answer::failure(walked.error());
        return answer;
    }
    if (same_ignoring_case(list.substr(0, 4), "TNDS")) {
        auto text = tnds(context, place, list.substr(4));
        if (!text) return Answer::failure(text.error());
        answer.found.push_back(
            {std::string(uri), csp::Format::xml, "application/vnd.syncml.dmtnds+xml", std::move(*text)});
        return answer;
    }
    return Answer::failure({Fault::unsupported,
                            "?list= takes Struct, StructData or TNDS, not \"" + std::string(list) + "\".",
                            std::string(list)});
}

Result<std::string> Reader::tnds(const Context& context, const Place& start, std::string_view properties) {
    auto selection = TndsSelection::parse(properties);
    if (!selection) return selection.error();
    TndsWriter writer(*selection);
    auto walked = walk(context, start, selection->value, [&](const Line& line) {
        TndsNode node;
        node.depth = line.depth;
        const auto& declared = line.place.entry->node;
        node.name = declared.dynamic() ? line.place.keys.back() : declared.name;
        node.format = declared.format;
        node.type = declared.interior() ? std::string() : declared.mime;
        node.value = line.data;
        if (const auto* rows = policies_.at(property_key(line.place.uri, "ACL"))) node.acl = rows->front().data;
        writer.add(node);
    });
    if (!walked) return walked.error();
    return writer.finish();
}

}  // namespace steward::tree
