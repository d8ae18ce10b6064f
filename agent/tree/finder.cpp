#include "agent/tree/finder.h"

namespace steward::tree {

Outcome Finder::find(std::string_view text, Fault below_leaf) {
    const bool known = segments_ != 0 && text.starts_with(beginning_);
    if (auto parsed = uri_.parse(text, known ? beginning_.size() : 0, known ? segments_ : 0); !parsed) return parsed;
    if (auto found = mount_.find(uri_, place_, below_leaf, known ? *below_ : mount_.root()); !found) return found;
    const Entry* parent = place_.entry->parent;
    const bool further = parent != nullptr && parent->dynamic_depth == 0 && parent != below_;
    if ((!known || further) && uri_.plain()) remember(text, known ? segments_ : 0);
    return {};
}

// known: segments at the beginning that uri_ leaves out.
void Finder::remember(std::string_view text, std::size_t known) {
    const Entry* entry = place_.entry->parent;
    while (entry != nullptr && entry->dynamic_depth != 0) entry = entry->parent;
    std::size_t depth = 0;
    for (const Entry* at = entry; at != nullptr && at->parent != nullptr; at = at->parent) ++depth;
    // Of two segments at least: "./Vendor" alone stands for two that are not both in the text.
    if (depth < 2 || depth < known || text.front() <= ' ') return;
    const char* behind = uri_.segments()[depth - known].data();
    beginning_ = text.substr(0, static_cast<std::size_t>(behind - text.data()));
    below_ = entry;
    segments_ = depth;
}

}  // namespace steward::tree
