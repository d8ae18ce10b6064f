#include <utility>

#include "agent/syncml/document.h"
#include "agent/tree/tnds.h"
#include "agent/tree/uri.h"
#include "platform/base/text.h"

namespace steward::tree {
namespace {

using syncml::Element;

Error malformed(std::string why) {
    return {Fault::malformed, "The tree (TNDS) cannot be read: " + std::move(why), {}};
}

std::optional<std::string> text_of(const Element& parent, std::string_view name) {
    const auto* child = parent.child(name);
    return child == nullptr ? std::nullopt : std::optional(child->text);
}

// <Format><chr/></Format>, and <Format>chr</Format> as some write it.
std::string word_of(const Element* element) {
    if (element == nullptr) return {};
    return element->children.empty() ? element->text : element->children.front().name;
}

class Reading {
  public:
    explicit Reading(std::string_view target_name) : target_name_(target_name) {}

    // The depth of the document is limited, and with it that of the calls.
    Outcome node(const Element& element, const std::string& above, bool top) {
        if (wishes.size() == most_tnds_nodes) {
            return Error{Fault::too_large, "The tree (TNDS) has too many nodes.", {}};
        }
        if (element.child("DFProperties") != nullptr) return malformed("it describes nodes instead of setting them.");
        auto path = path_of(element, above, top);
        if (!path) return path.error();
        TndsWish wish;
        wish.path = *path;
        if (const auto* properties = element.child("RTProperties")) take(*properties, wish);
        wish.value = text_of(element, "Value");
        wish.interior = wish.format.empty() ? !wish.value : same_ignoring_case(wish.format, "node");
        if (wish.interior && wish.value) return malformed("\"" + *path + "\" is an interior node with a Value.");
        const bool leaf = !wish.interior;
        wishes.push_back(std::move(wish));
        for (const auto& child : element.children) {
            if (!same_ignoring_case(child.name, "Node")) continue;
            if (leaf) return malformed("\"" + *path + "\" has a value and nodes below it.");
            if (auto read = node(child, *path, false); !read) return read;
        }
        return {};
    }

    std::vector<TndsWish> wishes;

  private:
    Result<std::string> path_of(const Element& element, const std::string& above, bool top) const {
        const std::string name = text_of(element, "NodeName").value_or(std::string());
        std::string path = above;
        if (top) {
            path = text_of(element, "Path").value_or(std::string());
            if (path == "." || path == "./") path.clear();
            if (path.starts_with("./")) path.erase(0, 2);
            if (path.empty() && (name.empty() || same_ignoring_case(name, target_name_))) return path;
        }
        if (name.empty()) return malformed("a node has no NodeName.");
        if (path.find('?') != std::string::npos) return malformed("a Path has a query.");
        if (!path.empty()) path += '/';
        append_segment(path, name);
        return path;
    }

    static void take(const Element& properties, TndsWish& wish) {
        wish.format = word_of(properties.child("Format"));
        if (const auto* type = properties.child("Type"); type != nullptr && !type->children.empty()) {
            wish.type = type->children.front().text;  // of MIME or DDFName
        }
        wish.acl = text_of(properties, "ACL");
        wish.title = text_of(properties, "Title");
    }

    const std::string_view target_name_;
};

}  // namespace

Result<std::vector<TndsWish>> read_tnds(std::string_view document, std::string_view target_name) {
    auto root = syncml::read_document(document);
    if (!root) return root.error();
    if (!same_ignoring_case(root->name, "MgmtTree")) return malformed("its root is not MgmtTree.");
    if (const auto version = text_of(*root, "VerDTD"); version && *version != "1.2") {
        return Error{Fault::format, "Trees (TNDS) are understood in version 1.2 only.", *version};
    }
    Reading reading(target_name);
    for (const auto& child : root->children) {
        if (!same_ignoring_case(child.name, "Node")) continue;
        if (auto read = reading.node(child, {}, true); !read) return read.error();
    }
    if (reading.wishes.empty()) return malformed("it holds no node.");
    return std::move(reading.wishes);
}

}  // namespace steward::tree
