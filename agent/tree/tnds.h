// A subtree as one document, written and read. Source: OMA DM TNDS 1.2; TND 1.2 section 8 for ?list=TNDS.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "csp/value.h"
#include "platform/base/result.h"

namespace steward::tree {

// Which properties a TNDS document carries: "" all, "+Value+ACL" only these, "-Format" all but these.
struct TndsSelection {
    bool value = true, acl = true, format = true, type = true, name = true;
    // Fault unsupported (406) for an unknown property or a mix of + and -.
    static Result<TndsSelection> parse(std::string_view text);
};

struct TndsNode {
    std::size_t depth = 0;  // 0: the node that was asked for
    std::string name;
    csp::Format format = csp::Format::node;
    std::string type;                  // MIME type of a leaf
    std::string acl;                   // its own ACL; empty: none
    std::optional<std::string> value;  // of a leaf
};

// Nodes come in document order: each one after its parent.
class TndsWriter {
  public:
    explicit TndsWriter(const TndsSelection& selection);
    void add(const TndsNode& node);
    std::string finish();

  private:
    TndsSelection selection_;
    std::string out_;
    std::size_t open_ = 0;
};

// What a document that a server sent asks for, a node each.
struct TndsWish {
    std::string path;    // below the target, as it stands in a URI: "Led/Color"; empty: the target itself
    std::string format;  // as sent; empty: not given
    std::string type;
    std::optional<std::string> value;
    std::optional<std::string> acl, title;
    bool interior = false;
};

inline constexpr char tnds_type[] = "application/vnd.syncml.dmtnds";  // "+xml" or "+wbxml" follows
inline constexpr std::size_t most_tnds_nodes = 10'000;

// Parents come before their children. A node at the top that has no name, or that of the target, is the target: so
// that what ?list=TNDS answered can be sent back. Faults: malformed, format (not this version), too_large.
Result<std::vector<TndsWish>> read_tnds(std::string_view document, std::string_view target_name);

}  // namespace steward::tree
