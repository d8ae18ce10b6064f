#include "agent/tree/tnds.h"

#include "agent/tree/xml_text.h"
#include "platform/base/text.h"

namespace steward::tree {

Result<TndsSelection> TndsSelection::parse(std::string_view text) {
    TndsSelection selection;
    if (text.empty()) return selection;
    const char sign = text.front();
    if (sign != '+' && sign != '-') {
        return Error{Fault::unsupported, "?list=TNDS is followed by +Property or -Property.", std::string(text)};
    }
    const bool chosen = sign == '+';
    if (chosen) selection = {false, false, false, false, false};
    for (const auto name : split(text.substr(1), sign)) {
        if (same_ignoring_case(name, "Value")) {
            selection.value = chosen;
        } else if (same_ignoring_case(name, "ACL")) {
            selection.acl = chosen;
        } else if (same_ignoring_case(name, "Format")) {
            selection.format = chosen;
        } else if (same_ignoring_case(name, "Type")) {
            selection.type = chosen;
        } else if (same_ignoring_case(name, "Name")) {
            selection.name = chosen;
        } else {
            return Error{Fault::unsupported, "TNDS documents here carry no property \"" + std::string(name) + "\".",
                         std::string(text)};
        }
    }
    return selection;
}

TndsWriter::TndsWriter(const TndsSelection& selection)
    : selection_(selection), out_("<MgmtTree xmlns=\"syncml:dmddf1.2\"><VerDTD>1.2</VerDTD>") {}

void TndsWriter::add(const TndsNode& node) {
    for (; open_ > node.depth; --open_) out_ += "</Node>";
    ++open_;
    out_ += "<Node>" + xml_element("NodeName", node.name);
    std::string properties;
    if (selection_.acl && !node.acl.empty()) properties += xml_element("ACL", node.acl);
    if (selection_.format) properties += "<Format><" + std::string(csp::name_of(node.format)) + "/></Format>";
    if (selection_.name) properties += xml_element("Name", node.name);
    if (selection_.type) {
        properties += node.format == csp::Format::node ? std::string("<Type><DDFName/></Type>")
                                                       : "<Type>" + xml_element("MIME", node.type) + "</Type>";
    }
    if (!properties.empty()) out_ += "<RTProperties>" + properties + "</RTProperties>";
    if (selection_.value && node.value) out_ += xml_element("Value", *node.value);
}

std::string TndsWriter::finish() {
    for (; open_ > 0; --open_) out_ += "</Node>";
    return std::move(out_) + "</MgmtTree>";
}

}  // namespace steward::tree
