// From the text of a URI to its place, for a row of commands. They mostly speak of neighbours: where their common
// beginning leads is remembered, and nothing is allocated for a URI that is no longer than those before it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "agent/tree/mount.h"
#include "agent/tree/uri.h"
#include "platform/base/result.h"

namespace steward::tree {

class Finder {
  public:
    explicit Finder(const Mount& mount) : mount_(mount), below_(&mount.root()) {}

    // The faults of Uri::parse() and Mount::find(). On success uri() and place() say what was found, until the next
    // call; the segments that led to a remembered beginning are missing from uri(). The text must live as long.
    Outcome find(std::string_view text, Fault below_leaf = Fault::not_found);

    const Uri& uri() const { return uri_; }
    const Place& place() const { return place_; }

  private:
    void remember(std::string_view text, std::size_t known);

    const Mount& mount_;
    Uri uri_;
    Place place_;
    std::string beginning_;  // "./Device/Vendor/MSFT/Policy/Config/": leads to below_, a node without dynamic segments
    const Entry* below_;
    std::size_t segments_ = 0;  // of the beginning
};

}  // namespace steward::tree
