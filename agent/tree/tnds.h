// A subtree as one document. Source: OMA DM TNDS 1.2; TND 1.2 section 8 for ?list=TNDS.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

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

}  // namespace steward::tree
