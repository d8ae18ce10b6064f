// The published facts of a CSP, read from tests/facts/data, and how ours differ from them.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "csp/csp.h"

namespace steward::facts {

struct Fact {
    std::string uri;        // canonical: ./Device/Vendor/MSFT/…
    std::string format;     // "chr"
    std::string access;     // "Add Delete Get Replace", in this order
    std::string allowed;    // one spelling for equal meanings: "any", "range 4..16", "one of 0 1", "flags 1 2", …
    std::string otherwise;  // "" when there is none
    bool operator==(const Fact&) const = default;
};

struct Table {
    std::string name;  // "Policy/DeviceLock"
    std::vector<Fact> facts;
};

// Every table in the directory, by name; what can't be read is an error with the file as evidence.
Result<std::vector<Table>> read_tables(const std::string& directory);

// The same of our declarations, without the interior nodes above a CSP's root.
std::vector<Fact> facts_of(const csp::Csp& csp);

// One difference that somebody has to explain: "missing", "added", "format", "access", "allowed" or "default".
struct Difference {
    std::string uri;
    std::string kind;
    std::string detail;  // "ours …, published …"
};

struct Comparison {
    int published = 0, present = 0, equal = 0;
    std::vector<Difference> differences;
};
Comparison compare(const Table& published, const std::vector<Fact>& ours);

// A row of differences.md: | uri | kind | reason |. A uri that ends in "/*" stands for the node and all below it.
struct Explanation {
    std::string uri, kind, reason;
    int line = 0;
    bool covers(const Difference& difference) const;
};
std::vector<Explanation> read_explanations(std::string_view text);

}  // namespace steward::facts
