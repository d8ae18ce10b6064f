// The management tree as declared: all CSPs mounted under one root, ready for fast look-ups.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/tree/uri.h"
#include "csp/csp.h"

namespace steward::tree {

struct Managed;

// One declared node in its place.
struct Entry {
    csp::Node node;  // without its children: those stand below as entries
    Entry* parent = nullptr;
    std::string pattern;                           // canonical URI, dynamic segments in braces
    std::vector<std::string> literals;             // the parts of the pattern around its dynamic segments
    std::size_t dynamic_depth = 0;                 // how many dynamic segments the pattern has
    bool owned = false;                            // this node or one above it is own()
    std::string key;                               // lower-case name, what look-ups compare
    std::vector<std::unique_ptr<Entry>> children;  // static ones, sorted by key
    std::unique_ptr<Entry> dynamic;                // the child whose name is given at run time
    const Managed* managed = nullptr;              // for a managed field, or a row that is one: its state

    const csp::OfState* field() const { return std::get_if<csp::OfState>(&node.binding); }
};

// A state whose fields are settings: the unit that is converged.
struct Managed {
    csp::State* state = nullptr;
    std::vector<const Entry*> fields;  // by field index; nullptr: a field that is only reported
};

// A URI resolved against the declaration: the node, and the names that fill its dynamic segments.
struct Place {
    const Entry* entry = nullptr;
    std::string uri;  // canonical
    csp::Keys keys;   // decoded
};

class Mount {
  public:
    // Two CSPs that declare the same node are a bug of ours and abort at start.
    explicit Mount(std::vector<csp::Csp> csps);

    const Entry& root() const { return *root_; }

    // not_found (404) when nothing of that name is declared; `place` is then of no use. below_leaf is the fault for a
    // path that leads below a leaf: only Add has reason to tell the two apart.
    // The segments of the URI lead on from `from`, which has no dynamic segments.
    Outcome find(const Uri& uri, Place& place, Fault below_leaf, const Entry& from) const;
    Outcome find(const Uri& uri, Place& place) const { return find(uri, place, Fault::not_found, *root_); }
    Result<Place> find(std::string_view uri) const;  // parses it first; a query is passed over

  private:
    Entry& place(std::string_view root_uri);
    void graft(Entry& at, csp::Node node);
    void manage(Entry& field, csp::State& state, std::size_t index);

    std::unique_ptr<Entry> root_;
    std::vector<std::unique_ptr<Managed>> managed_;
    std::map<csp::State*, Managed*> by_state_;
};

// The canonical URI of an entry for these names.
std::string canonical_uri(const Entry& entry, std::span<const std::string> keys);

// Names of dynamic segments as one text, the key of a Table: the decoded name itself when there is one, otherwise
// the encoded names joined with "/".
std::string table_key(std::span<const std::string> keys);
csp::Keys keys_of(std::string_view table_key, std::size_t dynamic_depth);

}  // namespace steward::tree
