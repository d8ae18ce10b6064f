// Add, Replace, Delete and Copy as changes of desired state. Nothing here touches the device: the units that became
// dirty are handed back to be converged.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "agent/store/policies.h"
#include "agent/tree/access.h"
#include "agent/tree/converge.h"
#include "agent/tree/finder.h"
#include "agent/tree/mount.h"
#include "agent/tree/operation.h"
#include "agent/tree/reader.h"
#include "agent/tree/tnds.h"

namespace steward::tree {

class Change {
  public:
    Change(const Mount& mount, store::Policies& policies, const Access& access, Reader& reader)
        : mount_(mount), policies_(policies), access_(access), reader_(reader), finder_(mount) {}

    // Validates everything, then changes rows. On an Error no row has changed. Dirty units are added to `dirty`.
    Outcome run(const Context& context, const Operation& operation, Units& dirty);

    // Takes away every row of an authority, as when it un-enrols.
    // Removes the authority's rows, except those below the nodes in `keep` (canonical URIs) and these nodes themselves.
    void release(const std::string& authority, std::span<const std::string> keep, Units& dirty);

  private:
    Outcome add(const Context& context, const Place& place, const Operation& operation, Units& dirty);
    Outcome replace(const Context& context, const Place& place, const Operation& operation, Units& dirty);
    Outcome erase(const Context& context, const Place& place, Units& dirty);
    Outcome subtree(const Context& context, const Place& place, const Operation& operation, Units& dirty);
    Outcome fill(const Context& context, const std::string& target, const TndsWish& wish, Verb verb, Units& dirty);
    Outcome copy(const Context& context, const Operation& operation, Units& dirty);
    Outcome property(const Context& context, const Place& place, std::string_view property, const Operation& operation,
                     Units& dirty);
    Outcome rename(const Context& context, const Place& place, const std::string& name, Units& dirty);
    Outcome put(const Context& context, const Place& place, const Operation& operation, Units& dirty);
    std::vector<std::string> uris_of(const std::string& authority, const std::string& uri) const;  // of its rows there
    void touched(const Place& place, Units& dirty);
    void touched(std::string_view uri, Units& dirty);

    const Mount& mount_;
    store::Policies& policies_;
    const Access& access_;
    Reader& reader_;
    Finder finder_;
};

}  // namespace steward::tree
