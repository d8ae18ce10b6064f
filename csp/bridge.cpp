#include "csp/bridge.h"

#include <algorithm>
#include <utility>

#include "platform/base/text.h"
#include "platform/bridge.h"

namespace steward::csp {
namespace {

using platform::BridgeLeaf;
using platform::BridgeNode;
using platform::BridgeValues;

class Served final : public State {
  public:
    Served(platform::Bridge& bridge, BridgeNode node) : bridge_(bridge), node_(std::move(node)) {}

    bool keyed() const override { return false; }
    Result<std::vector<std::string>> names() override { return std::vector<std::string>{std::string()}; }
    Result<Values> read(const std::string&) override {
        auto told = bridge_.read(node_);
        if (!told) return std::move(told).error();
        Values values;
        values.reserve(node_.leaves.size());
        for (const auto& leaf : node_.leaves) {
            const auto found = told->find(leaf.name);
            values.push_back(found == told->end() ? std::nullopt : std::optional(found->second));
        }
        return values;
    }
    Outcome write(const std::string&, const Values& managed) override {
        BridgeValues wanted;
        for (std::size_t i = 0; i < managed.size(); ++i) {
            if (managed[i]) wanted.emplace(node_.leaves[i].name, *managed[i]);
        }
        return bridge_.write(node_, wanted);
    }

  private:
    platform::Bridge& bridge_;
    BridgeNode node_;
};

Format format_of(BridgeLeaf::Kind kind) {
    switch (kind) {
        case BridgeLeaf::Kind::text:
            return Format::chr;
        case BridgeLeaf::Kind::number:
            return Format::integer;
        case BridgeLeaf::Kind::flag:
            return Format::boolean;
    }
    return Format::chr;
}

// The URI is this root, or stands below it. Names are the same in any case.
bool is_within(std::string_view uri, std::string_view root) {
    return uri.size() >= root.size() && same_ignoring_case(uri.substr(0, root.size()), root) &&
           (uri.size() == root.size() || uri[root.size()] == '/');
}

// Also where a name is given at run time: this one may be given.
bool declares(const Csp& csp, std::string_view uri) {
    if (!is_within(uri, csp.root())) return false;
    if (uri.size() == csp.root().size()) return true;
    const Node* at = &csp.node();
    for (const auto segment : split(uri.substr(csp.root().size() + 1), '/')) {
        at = at->child(segment);
        if (at == nullptr || at->dynamic()) return at != nullptr;
    }
    return true;
}

const std::string& uri_of(const Csp& csp) {
    return csp.root();
}
const std::string& uri_of(const BridgeNode& node) {
    return node.uri;
}

Csp csp_of(platform::Bridge& bridge, BridgeNode node) {
    const std::string about = "Served by the system itself (" + node.source + ").";
    // A state is written by the fields up to its last setting.
    std::stable_partition(node.leaves.begin(), node.leaves.end(), [](const BridgeLeaf& leaf) { return leaf.setting; });
    const auto state = std::make_shared<Served>(bridge, node);
    std::vector<Leaf> leaves;
    for (std::size_t i = 0; i < node.leaves.size(); ++i) {
        const bool setting = node.leaves[i].setting;
        Leaf& leaf = leaves.emplace_back();
        leaf.path = node.leaves[i].name;
        leaf.node.about = about;
        leaf.node.format = format_of(node.leaves[i].kind);
        leaf.node.access = setting ? setting_access : AccessSet{can_get};
        leaf.node.occurrence = setting ? Occurrence::zero_or_one : Occurrence::one;
        leaf.node.binding = OfState{state, i, setting};
    }
    return Csp(node.uri, about).nodes(leaves);
}

}  // namespace

Outcome add_bridged(std::vector<Csp>& csps, platform::Bridge& bridge) {
    auto nodes = bridge.nodes();
    if (!nodes) return std::move(nodes).error();
    for (auto& node : *nodes) {
        const auto declared = [&](const Csp& csp) { return declares(csp, node.uri); };
        if (std::any_of(csps.begin(), csps.end(), declared)) continue;
        // What the system calls a leaf here and a node with leaves there is the latter.
        std::erase_if(node.leaves, [&](const BridgeLeaf& leaf) {
            const auto uri = node.uri + '/' + leaf.name;
            const auto holds = [&](const auto& other) { return is_within(uri_of(other), uri); };
            return std::any_of(csps.begin(), csps.end(), holds) || std::any_of(nodes->begin(), nodes->end(), holds);
        });
        csps.push_back(csp_of(bridge, node));
    }
    return {};
}

}  // namespace steward::csp
