#include "agent/tree/ddf.h"

#include <array>
#include <utility>

#include "agent/tree/access.h"
#include "agent/tree/xml_text.h"
#include "platform/base/text.h"

namespace steward::tree {
namespace {

class Writer {
  public:
    std::string out;

    void node(const Entry& entry, std::size_t depth, std::string_view path) {
        const std::string pad(depth * 2, ' ');
        const csp::Node& node = entry.node;
        out += pad + "<Node>\n";
        line(depth + 1, xml_element("NodeName", node.dynamic() ? std::string_view() : std::string_view(node.name)));
        if (!path.empty()) line(depth + 1, xml_element("Path", path));
        properties(node, depth + 1);
        for (const auto& child : entry.children) this->node(*child, depth + 1, {});
        if (entry.dynamic) this->node(*entry.dynamic, depth + 1, {});
        out += pad + "</Node>\n";
    }

  private:
    void line(std::size_t depth, std::string_view text) {
        out.append(depth * 2, ' ');
        out += text;
        out += '\n';
    }

    void properties(const csp::Node& node, std::size_t depth) {
        line(depth, "<DFProperties>");
        std::string access = "<AccessType>";
        for (const auto word : access_words(node.access)) access += "<" + std::string(word) + "/>";
        line(depth + 1, access + "</AccessType>");
        if (node.otherwise) line(depth + 1, xml_element("DefaultValue", *node.otherwise));
        if (!node.about.empty()) line(depth + 1, xml_element("Description", node.about));
        line(depth + 1, "<DFFormat><" + std::string(csp::name_of(node.format)) + "/></DFFormat>");
        constexpr std::array<std::string_view, 3> occurrences = {"One", "ZeroOrOne", "ZeroOrMore"};
        line(depth + 1,
             "<Occurrence><" + std::string(occurrences[static_cast<std::size_t>(node.occurrence)]) + "/></Occurrence>");
        line(depth + 1, node.permanent() ? "<Scope><Permanent/></Scope>" : "<Scope><Dynamic/></Scope>");
        if (node.dynamic()) line(depth + 1, xml_element("DFTitle", node.name.substr(1, node.name.size() - 2)));
        line(depth + 1, node.interior() ? "<DFType><DDFName/></DFType>"
                                        : "<DFType>" + xml_element("MIME", node.mime) + "</DFType>");
        if (!node.interior()) allowed(node.allowed, depth + 1);
        if ((node.access & csp::can_replace) != 0 && !node.interior()) {
            line(depth + 1, xml_element("MSFT:ConflictResolution", csp::name_of(node.merge)));
        }
        line(depth, "</DFProperties>");
    }

    void allowed(const csp::Allowed& allowed, std::size_t depth) {
        using Kind = csp::Allowed::Kind;
        std::string list;
        if (!allowed.delimiter.empty()) list = "<MSFT:List Delimiter=\"" + xml_attribute(allowed.delimiter) + "\"/>";
        switch (allowed.kind) {
            case Kind::any:
                line(depth, "<MSFT:AllowedValues ValueType=\"None\">" + list + "</MSFT:AllowedValues>");
                return;
            case Kind::range:
                line(depth, "<MSFT:AllowedValues ValueType=\"Range\"><MSFT:Value>[" + csp::to_text(allowed.min) + "-" +
                                csp::to_text(allowed.max) + "]</MSFT:Value>" + list + "</MSFT:AllowedValues>");
                return;
            case Kind::check:
                if (allowed.pattern.empty()) {
                    line(depth, "<MSFT:AllowedValues ValueType=\"None\">" + list + "</MSFT:AllowedValues>");
                } else {
                    line(depth, "<MSFT:AllowedValues ValueType=\"RegEx\">" +
                                    xml_element("MSFT:Value", allowed.pattern) + list + "</MSFT:AllowedValues>");
                }
                return;
            case Kind::one_of:
            case Kind::flags:
                break;
        }
        line(depth, allowed.kind == Kind::flags ? "<MSFT:AllowedValues ValueType=\"Flag\">"
                                                : "<MSFT:AllowedValues ValueType=\"ENUM\">");
        for (const auto& choice : allowed.choices) {
            line(depth + 1, "<MSFT:Enum>" + xml_element("MSFT:Value", choice.value) +
                                xml_element("MSFT:ValueDescription", choice.meaning) + "</MSFT:Enum>");
        }
        if (!list.empty()) line(depth + 1, list);
        line(depth, "</MSFT:AllowedValues>");
    }
};

}  // namespace

Result<std::string> ddf(const Mount& mount, std::string_view uri) {
    const auto place = mount.find(uri);
    if (!place) return place.error();
    const Entry& entry = *place->entry;
    Writer writer;
    writer.out =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<MgmtTree xmlns:MSFT=\"http://schemas.microsoft.com/MobileDevice/DM\">\n"
        "  <VerDTD>1.2</VerDTD>\n";
    if (entry.parent == nullptr) {
        for (const auto& child : entry.children) writer.node(*child, 1, ".");
    } else {
        writer.node(entry, 1, entry.parent->pattern);
    }
    writer.out += "</MgmtTree>\n";
    return std::move(writer.out);
}

}  // namespace steward::tree
