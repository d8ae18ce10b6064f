#include "agent/tree/merge.h"

#include <limits>
#include <optional>

#include "platform/base/text.h"

namespace steward::tree {
namespace {

// Where a value stands on the way to "most secure": the higher, the more secure.
std::optional<std::int64_t> security(csp::Merge merge, std::string_view data) {
    const auto number = to_integer(data);
    if (!number) return std::nullopt;
    constexpr auto least = std::numeric_limits<std::int64_t>::min();
    switch (merge) {
        case csp::Merge::last_write:
            return std::nullopt;
        case csp::Merge::lowest:
            return -*number;
        case csp::Merge::highest:
            return *number;
        case csp::Merge::lowest_zero_unlimited:
            return *number == 0 ? least : -*number;
        case csp::Merge::highest_zero_unlimited:
            return *number == 0 ? least : *number;
    }
    return std::nullopt;
}

bool beats(csp::Merge merge, const store::Row& challenger, const store::Row& champion) {
    const auto theirs = security(merge, challenger.data), ours = security(merge, champion.data);
    if (theirs && ours && *theirs != *ours) return *theirs > *ours;
    return challenger.stamp > champion.stamp;
}

}  // namespace

const store::Row* effective(const csp::Node& node, const store::Rows* rows) {
    if (rows == nullptr || rows->empty()) return nullptr;
    const store::Row* winner = &rows->front();
    for (const auto& row : *rows) {
        if (&row != winner && beats(node.merge, row, *winner)) winner = &row;
    }
    return winner;
}

bool at_least_as_secure(const csp::Node& node, std::string_view value, std::string_view than) {
    const auto ours = security(node.merge, value), theirs = security(node.merge, than);
    return ours && theirs && *ours >= *theirs;
}

}  // namespace steward::tree
