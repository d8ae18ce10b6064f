#include "csp/csp.h"

#include <algorithm>
#include <string_view>

#include "platform/base/text.h"

namespace steward::csp {
namespace {

constexpr std::string_view config_root = "./Device/Vendor/MSFT/Policy/Config/";
constexpr std::string_view result_root = "./Device/Vendor/MSFT/Policy/Result/";

// The same nodes, read only and always telling the value on the device.
void turn_into_result(Node& node) {
    node.access = can_get;
    if (auto* field = std::get_if<OfState>(&node.binding)) field->managed = false;
    for (auto& child : node.children) turn_into_result(child);
}

}  // namespace

std::string_view name_of(Merge merge) {
    switch (merge) {
        case Merge::last_write:
            return "LastWrite";
        case Merge::lowest:
            return "LowestValueMostSecure";
        case Merge::highest:
            return "HighestValueMostSecure";
        case Merge::lowest_zero_unlimited:
            return "LowestValueMostSecureZeroHasNoLimits";
        case Merge::highest_zero_unlimited:
            return "HighestValueMostSecureZeroHasNoLimits";
    }
    return "LastWrite";
}

const Node* Node::child(std::string_view segment) const {
    const Node* fallback = nullptr;
    for (const auto& node : children) {
        if (node.dynamic()) {
            fallback = &node;
        } else if (same_ignoring_case(node.name, segment)) {
            return &node;
        }
    }
    return fallback;
}

Csp::Csp(std::string root, std::string about) : root_(std::move(root)) {
    node_.name = root_.substr(root_.rfind('/') + 1);
    node_.about = std::move(about);
}

Node& Csp::place(std::string_view path) {
    Node* at = &node_;
    for (const auto segment : split(path, '/')) {
        const auto found = std::find_if(at->children.begin(), at->children.end(),
                                        [&](const Node& child) { return child.name == segment; });
        if (found != at->children.end()) {
            at = &*found;
            continue;
        }
        Node made;
        made.name = segment;
        if (made.dynamic()) {
            made.access = can_add | can_delete | can_get;
            made.occurrence = Occurrence::zero_or_more;
        }
        at = &at->children.emplace_back(std::move(made));
    }
    return *at;
}

void Csp::put(std::string_view path, Node leaf) {
    Node& at = place(path);
    leaf.name = std::move(at.name);
    leaf.children = std::move(at.children);
    if (leaf.conceals_device())
        leaf.access = static_cast<AccessSet>(leaf.access & ~can_get);  // whatever else it was given
    at = std::move(leaf);
}

Csp&& Csp::nodes(const std::vector<Leaf>& leaves) && {
    for (const auto& leaf : leaves) put(leaf.path, leaf.node);
    return std::move(*this);
}

Csp&& Csp::own(std::string_view path) && {
    place(path).own = true;
    return std::move(*this);
}

Leaf kept(std::string path, Format format, std::string about) {
    Leaf leaf;
    leaf.path = std::move(path);
    leaf.node.about = std::move(about);
    leaf.node.format = format;
    leaf.node.access = setting_access;
    leaf.node.occurrence = Occurrence::zero_or_one;
    leaf.node.binding = Kept{};
    return leaf;
}

Leaf value(std::string path, Format format, std::string about, std::function<Result<std::string>(const Keys&)> read) {
    Leaf leaf;
    leaf.path = std::move(path);
    leaf.node.about = std::move(about);
    leaf.node.format = format;
    leaf.node.binding = Live{std::move(read)};
    return leaf;
}

Leaf action(std::string path, std::string about,
            std::function<Result<Done>(const Keys&, std::string_view argument)> run) {
    Leaf leaf;
    leaf.path = std::move(path);
    leaf.node.about = std::move(about);
    leaf.node.format = Format::null;
    leaf.node.access = can_exec;
    leaf.node.binding = Action{std::move(run)};
    return leaf;
}

Leaf interior(std::string path, std::string about, AccessSet access) {
    Leaf leaf;
    leaf.path = std::move(path);
    leaf.node.about = std::move(about);
    leaf.node.access = access;
    if ((access & can_add) != 0) leaf.node.occurrence = Occurrence::zero_or_more;
    return leaf;
}

Csp policy_area(std::string area, std::string about) {
    return {std::string(config_root) + area, std::move(about)};
}

std::optional<Csp> result_side(const Csp& area) {
    if (!area.root().starts_with(config_root)) return std::nullopt;
    Csp result(std::string(result_root) + area.root().substr(config_root.size()), area.node().about);
    result.node_.children = area.node().children;
    turn_into_result(result.node_);
    return result;
}

}  // namespace steward::csp
