#include "agent/tree/mount.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "platform/base/text.h"

namespace steward::tree {
namespace {

// -1, 0, 1 as the lower-case key is before, equal to or after the segment in any case.
int compare(std::string_view key, std::string_view segment) {
    const std::size_t shared = std::min(key.size(), segment.size());
    for (std::size_t i = 0; i < shared; ++i) {
        char c = segment[i];
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        if (key[i] != c) return static_cast<unsigned char>(key[i]) < static_cast<unsigned char>(c) ? -1 : 1;
    }
    return key.size() == segment.size() ? 0 : key.size() < segment.size() ? -1 : 1;
}

const Entry* static_child(const Entry& entry, std::string_view segment) {
    const auto at = std::partition_point(entry.children.begin(), entry.children.end(),
                                         [&](const auto& child) { return compare(child->key, segment) < 0; });
    return at != entry.children.end() && compare((*at)->key, segment) == 0 ? at->get() : nullptr;
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

}  // namespace

Mount::Mount(std::vector<csp::Csp> csps) : root_(std::make_unique<Entry>()) {
    root_->node.name = ".";
    root_->node.about = "The management tree.";
    root_->pattern = ".";
    for (const auto& csp : csps) {
        graft(place(csp.root()), csp.node());
        if (const auto result = csp::result_side(csp)) graft(place(result->root()), result->node());
    }
}

Entry& Mount::place(std::string_view root_uri) {
    Entry* at = root_.get();
    for (const auto segment : split(root_uri.substr(2), '/')) at = &child(*at, std::string(segment));
    return *at;
}

void Mount::graft(Entry& at, const csp::Node& node) {
    if (!at.node.about.empty() && !node.about.empty()) {
        std::fprintf(stderr, "two CSPs declare %s\n", at.pattern.c_str());
        std::abort();
    }
    auto name = std::move(at.node.name);
    at.node = node;
    at.node.name = std::move(name);
    at.node.children.clear();
    if (const auto* field = at.field(); field != nullptr && field->managed) {
        auto& known = by_state_[field->state.get()];
        if (known == nullptr) {
            known = managed_.emplace_back(std::make_unique<Managed>()).get();
            known->state = field->state.get();
        }
        if (known->fields.size() <= field->index) known->fields.resize(field->index + 1, nullptr);
        known->fields[field->index] = &at;
        at.managed = known;
    }
    for (const auto& below : node.children) graft(child(at, below.name), below);
}

Result<Place> Mount::find(const Uri& uri, Fault below_leaf) const {
    Place place;
    const Entry* at = root_.get();
    for (const auto segment : uri.segments()) {
        if (!at->node.interior()) {
            return Error{below_leaf, at->pattern + " is a leaf: nothing can stand below it.", {}};
        }
        const Entry* next = static_child(*at, segment);
        if (next == nullptr && at->dynamic) {
            next = at->dynamic.get();
            place.keys.emplace_back(segment);
        }
        if (next == nullptr) {
            return Error{
                Fault::not_found, "There is no node \"" + std::string(segment) + "\" below " + at->pattern + ".", {}};
        }
        at = next;
    }
    place.entry = at;
    place.uri = canonical_uri(*at, place.keys);
    return place;
}

Result<Place> Mount::find(std::string_view text) const {
    Uri uri;
    if (auto parsed = uri.parse(text); !parsed) return parsed.error();
    return find(uri);
}

std::string canonical_uri(const Entry& entry, std::span<const std::string> keys) {
    if (entry.dynamic_depth == 0) return entry.pattern;
    std::string uri;
    uri.reserve(entry.pattern.size() + 32);
    std::string_view rest = entry.pattern;
    for (const auto& key : keys) {
        const auto brace = rest.find('{');
        if (brace == std::string_view::npos) break;
        uri += rest.substr(0, brace);
        uri += encode_segment(key);
        rest.remove_prefix(rest.find('}', brace) + 1);
    }
    uri += rest;
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
