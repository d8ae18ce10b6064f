#include "agent/tree/access.h"

#include <algorithm>
#include <array>

#include "platform/base/text.h"

namespace steward::tree {
namespace {

constexpr std::array<std::string_view, 5> acl_commands = {"Add", "Delete", "Exec", "Get", "Replace"};

csp::Access needed(Verb verb) {
    switch (verb) {
        case Verb::add:
            return csp::can_add;
        case Verb::replace:
            return csp::can_replace;
        case Verb::erase:
            return csp::can_delete;
        case Verb::get:
            return csp::can_get;
        case Verb::exec:
            return csp::can_exec;
        case Verb::copy:
            return csp::can_copy;
    }
    return csp::can_get;
}

bool grants(std::string_view acl, std::string_view command, std::string_view authority) {
    for (const auto entry : split(acl, '&')) {
        const auto equals = entry.find('=');
        if (equals == std::string_view::npos || entry.substr(0, equals) != command) continue;
        for (const auto id : split(entry.substr(equals + 1), '+')) {
            if (id == "*" || id == authority) return true;
        }
    }
    return false;
}

std::string_view parent_of(std::string_view uri) {
    const auto slash = uri.rfind('/');
    return slash == std::string_view::npos ? std::string_view{} : uri.substr(0, slash);
}

}  // namespace

const char* name_of(Verb verb) {
    switch (verb) {
        case Verb::add:
            return "Add";
        case Verb::replace:
            return "Replace";
        case Verb::erase:
            return "Delete";
        case Verb::get:
            return "Get";
        case Verb::exec:
            return "Exec";
        case Verb::copy:
            return "Copy";
    }
    return "";
}

std::vector<std::string_view> access_words(csp::AccessSet access) {
    std::vector<std::string_view> words;
    for (const auto verb : {Verb::add, Verb::copy, Verb::erase, Verb::exec, Verb::get, Verb::replace}) {
        if ((access & needed(verb)) != 0) words.emplace_back(name_of(verb));
    }
    return words;
}

std::string property_key(std::string_view uri, std::string_view property) {
    return property_mark + std::string(property) + ' ' + std::string(uri);
}

bool valid_acl(std::string_view text) {
    if (text.empty()) return true;
    for (const auto entry : split(text, '&')) {
        const auto equals = entry.find('=');
        if (equals == std::string_view::npos || equals + 1 == entry.size()) return false;
        if (std::find(acl_commands.begin(), acl_commands.end(), entry.substr(0, equals)) == acl_commands.end()) {
            return false;
        }
        for (const auto id : split(entry.substr(equals + 1), '+')) {
            if (id.empty() || id.find_first_of("=&* \t\r\n") != std::string_view::npos) {
                if (id != "*") return false;
            }
        }
    }
    return true;
}

bool Access::foreign(const Context& context, const Place& place) const {
    if (!place.entry->owned || context.authority == local_authority) return false;
    std::size_t depth = place.entry->dynamic_depth;
    for (const Entry* entry = place.entry; entry->parent != nullptr; entry = entry->parent) {
        if (!entry->node.dynamic()) continue;
        if (entry->node.own) {
            const std::string instance = canonical_uri(*entry, std::span(place.keys).first(depth));
            const bool mine = policies_.at(instance, context.authority) != nullptr ||
                              policies_.any_below(instance, context.authority);
            if (!mine && (policies_.at(instance) != nullptr || policies_.any_below(instance, {}))) return true;
        }
        --depth;
    }
    return false;
}

Outcome Access::by_acl(const Context& context, std::string_view command, std::string_view uri) const {
    const auto& rows = policies_.all();
    if (rows.empty() || !rows.rbegin()->first.starts_with(property_mark)) return {};  // no node has any property
    if (context.authority == local_authority) return {};
    // The nearest node that has an ACL decides alone; without any, the enrolment's rights are all there is.
    for (std::string_view at = uri; !at.empty(); at = parent_of(at)) {
        const auto* acl = policies_.at(property_key(at, "ACL"));
        if (acl == nullptr) continue;
        if (grants(acl->front().data, command, context.authority)) return {};
        return Error{Fault::denied,
                     "The ACL of " + std::string(at) + " gives " + context.authority + " no right to " +
                         std::string(command) + ".",
                     acl->front().data};
    }
    return {};
}

Outcome Access::check(const Context& context, Verb verb, const Place& place) const {
    const csp::Node& node = place.entry->node;
    if ((node.access & needed(verb)) == 0) {
        return Error{Fault::refused, std::string(name_of(verb)) + " is not possible on " + place.uri + ".", {}};
    }
    if (foreign(context, place)) {
        return Error{Fault::denied, place.uri + " belongs to another management authority.", {}};
    }
    return by_acl(context, name_of(verb), place.uri);
}

Outcome Access::check_acl(const Context& context, Verb verb, const Place& place) const {
    if (foreign(context, place)) {
        return Error{Fault::denied, place.uri + " belongs to another management authority.", {}};
    }
    if (verb == Verb::get) return by_acl(context, "Get", place.uri);
    // An interior node's ACL takes the Replace right on itself or its parent, a leaf's only that on the parent.
    const auto on_parent = by_acl(context, "Replace", parent_of(place.uri));
    if (on_parent || !place.entry->node.interior()) return on_parent;
    return by_acl(context, "Replace", place.uri);
}

}  // namespace steward::tree
