#include "agent/tree/handbook.h"

#include "agent/tree/access.h"

namespace steward::tree {
namespace {

std::string_view in_words(csp::Merge merge) {
    switch (merge) {
        case csp::Merge::last_write:
            return "what was written last";
        case csp::Merge::lowest:
            return "the lowest value";
        case csp::Merge::highest:
            return "the highest value";
        case csp::Merge::lowest_zero_unlimited:
            return "the lowest value, where 0 means no limit";
        case csp::Merge::highest_zero_unlimited:
            return "the highest value, where 0 means no limit";
    }
    return {};
}

// Text that must not be taken for markup. Source: CommonMark 2.4.
std::string plain(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (std::string_view("\\`*_[]<>&#|").find(c) != std::string_view::npos) out += '\\';
        out += c;
    }
    return out;
}

// As code; a delimiter of two lets the text hold a single backtick.
std::string code(std::string_view text) {
    if (text.find('`') == std::string_view::npos) return "`" + std::string(text) + "`";
    return "`` " + std::string(text) + " ``";
}

class Page {
  public:
    std::string text;

    void node(const Entry& entry, bool first) {
        const csp::Node& node = entry.node;
        if (first || !node.interior() || node.dynamic() || !node.about.empty()) {
            if (!text.empty()) text += '\n';
            text += (first ? "# " : "## ") + code(entry.pattern) + "\n";
            if (!node.about.empty()) text += "\n" + plain(node.about) + "\n";
            facts(node);
        }
        for (const auto& child : entry.children) this->node(*child, false);
        if (entry.dynamic) this->node(*entry.dynamic, false);
    }

  private:
    void fact(std::string_view name, std::string_view fact) {
        if (!fact.empty()) ((((text += "- ") += name) += ": ") += fact) += '\n';
    }

    void facts(const csp::Node& node) {
        std::string access;
        for (const auto word : access_words(node.access)) (access += access.empty() ? "" : ", ") += word;
        text += '\n';
        fact("format", csp::name_of(node.format));
        fact("access", access);
        if (node.interior()) return;
        const bool set = (node.access & (csp::can_add | csp::can_replace)) != 0;
        if (set) fact("takes", plain(node.allowed.describe()));
        if (node.otherwise) fact("otherwise", node.otherwise->empty() ? "empty" : code(*node.otherwise));
        if (set) fact("where servers disagree", in_words(node.merge));
        if (node.secret) fact("secret", "never shown, logged or read back");
    }
};

}  // namespace

Result<std::string> handbook(const Mount& mount, std::string_view uri) {
    const auto place = mount.find(uri);
    if (!place) return place.error();
    Page page;
    page.node(*place->entry, true);
    return std::move(page.text);
}

}  // namespace steward::tree
