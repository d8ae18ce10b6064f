#include "agent/tree/mount.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "platform/base/text.h"

namespace steward::tree {
namespace {

constexpr auto lower_case = [] {
    std::array<unsigned char, 256> all{};
    for (unsigned byte = 0; byte < all.size(); ++byte) {
        all[byte] = static_cast<unsigned char>(byte >= 'A' && byte <= 'Z' ? byte - 'A' + 'a' : byte);
    }
    return all;
}();

// Below, equal to or above 0 as the lower-case key is before, equal to or after the segment in any case.
int compare(std::string_view key, std::string_view segment) {
    const std::size_t shared = std::min(key.size(), segment.size());
    for (std::size_t i = 0; i < shared; ++i) {
        const int ours = static_cast<unsigned char>(key[i]);
        const int theirs = lower_case[static_cast<unsigned char>(segment[i])];
        if (ours != theirs) return ours - theirs;
    }
    return key.size() == segment.size() ? 0 : key.size() < segment.size() ? -1 : 1;
}

const Entry* static_child(const Entry& entry, std::string_view segment) {
    std::size_t begin = 0, end = entry.children.size();
    while (begin < end) {
        const std::size_t middle = (begin + end) / 2;
        const Entry& child = *entry.children[middle];
        const int order = compare(child.key, segment);
        if (order == 0) return &child;
        (order < 0 ? begin : end) = order < 0 ? middle + 1 : middle;
    }
    return nullptr;
}

void write_uri(std::string& uri, const Entry& entry, std::span<const std::string> keys, bool plain_keys) {
    uri = entry.literals.front();
    for (std::size_t i = 0; i < keys.size() && i < entry.dynamic_depth; ++i) {
        if (plain_keys) {
            uri += keys[i];
        } else {
            append_segment(uri, keys[i]);
        }
        if (!entry.literals[i + 1].empty()) uri += entry.literals[i + 1];
    }
}

Entry& child(Entry& parent, const std::string& name) {
    const bool dynamic = name.front() == '{';
    if (dynamic && parent.dynamic) return *parent.dynamic;
    if (!dynamic) {
        if (const auto* found = static_child(parent, name)) return const_cast<Entry&>(*found);
    }
    auto made = std::make_unique<Entry>();
    made->node.name = name;
    made->parent = &parent;
    made->pattern = parent.pattern + '/' + (dynamic ? name : encode_segment(name));
    made->literals = parent.literals;
    made->literals.back() += dynamic ? "/" : '/' + encode_segment(name);
    if (dynamic) made->literals.emplace_back();
    made->dynamic_depth = parent.dynamic_depth + (dynamic ? 1 : 0);
    made->key = lower(name);
    Entry& entry = *made;
    if (dynamic) {
        parent.dynamic = std::move(made);
    } else {
        const auto at = std::partition_point(parent.children.begin(), parent.children.end(),
                                             [&](const auto& other) { return other->key < entry.key; });
        parent.children.insert(at, std::move(made));
    }
    return entry;
}

// Only when all CSPs are mounted: one may stand below another.
void mark_owned(Entry& entry, bool above) {
    entry.owned = above || entry.node.own;
    for (const auto& child : entry.children) mark_owned(*child, entry.owned);
    if (entry.dynamic) mark_owned(*entry.dynamic, entry.owned);
}

}  // namespace

Mount::Mount(std::vector<csp::Csp> csps) : root_(std::make_unique<Entry>()) {
    root_->node.name = ".";
    root_->node.about = "The management tree.";
    root_->pattern = ".";
    root_->literals = {"."};
    for (auto& csp : csps) {
        if (auto result = csp::result_side(csp)) graft(place(result->root()), std::move(*result).node());
        auto& at = place(csp.root());
        graft(at, std::move(csp).node());
    }
    mark_owned(*root_, false);
}

Entry& Mount::place(std::string_view root_uri) {
    Entry* at = root_.get();
    for (const auto segment : split(root_uri.substr(2), '/')) at = &child(*at, std::string(segment));
    return *at;
}

void Mount::manage(Entry& field, csp::State& state, std::size_t index) {
    auto& known = by_state_[&state];
    if (known == nullptr) {
        known = managed_.emplace_back(std::make_unique<Managed>()).get();
        known->state = &state;
    }
    if (known->fields.size() <= index) known->fields.resize(index + 1, nullptr);
    known->fields[index] = &field;
    field.managed = known;
}

void Mount::graft(Entry& at, csp::Node node) {
    if (!at.node.about.empty() && !node.about.empty()) {
        std::fprintf(stderr, "two CSPs declare %s\n", at.pattern.c_str());
        std::abort();
    }
    auto children = std::exchange(node.children, {});
    node.name = std::move(at.node.name);
    at.node = std::move(node);
    if (const auto* field = at.field(); field != nullptr && field->managed) {
        manage(at, *field->state, field->index);
    } else if (const auto* row = std::get_if<csp::Interior>(&at.node.binding); row != nullptr && row->presence) {
        manage(at, *row->inventory, *row->presence);
    }
    for (auto& below : children) {
        auto& entry = child(at, below.name);
        graft(entry, std::move(below));
    }
}

Outcome Mount::find(const Uri& uri, Place& place, Fault below_leaf, const Entry& from) const {
    const Entry* at = &from;
    std::size_t keys = 0;
    for (const auto segment : uri.segments()) {
        if (!at->node.interior()) {
            return Error{below_leaf, at->pattern + " is a leaf: nothing can stand below it.", {}};
        }
        const Entry* next = static_child(*at, segment);
        if (next == nullptr && at->dynamic) {
            next = at->dynamic.get();
            if (place.keys.size() == keys) place.keys.emplace_back();
            place.keys[keys++] = segment;
        }
        if (next == nullptr) {
            return Error{
                Fault::not_found, "There is no node \"" + std::string(segment) + "\" below " + at->pattern + ".", {}};
        }
        at = next;
    }
    place.keys.resize(keys);
    place.entry = at;
    write_uri(place.uri, *at, place.keys, uri.plain());
    return {};
}

Result<Place> Mount::find(std::string_view text) const {
    Uri uri;
    if (auto parsed = uri.parse(text); !parsed) return parsed.error();
    Place place;
    if (auto found = find(uri, place); !found) return found.error();
    return place;
}

std::string canonical_uri(const Entry& entry, std::span<const std::string> keys) {
    std::string uri;
    write_uri(uri, entry, keys, false);
    return uri;
}

std::string table_key(std::span<const std::string> keys) {
    if (keys.empty()) return {};
    if (keys.size() == 1) return keys.front();
    std::string joined;
    for (const auto& key : keys) {
        if (!joined.empty()) joined += '/';
        joined += encode_segment(key);
    }
    return joined;
}

csp::Keys keys_of(std::string_view table_key, std::size_t dynamic_depth) {
    if (dynamic_depth == 0) return {};
    if (dynamic_depth == 1) return {std::string(table_key)};
    Uri joined;
    csp::Keys keys;
    if (joined.parse(table_key)) {
        for (const auto segment : joined.segments()) keys.emplace_back(segment);
    }
    return keys;
}

}  // namespace steward::tree
