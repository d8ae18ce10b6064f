#include "csp/drive_methods.h"

#include <array>

#include "csp/admx_value.h"
#include "platform/base/text.h"

namespace steward::csp {

using platform::DriveMethods;
using platform::Method;

namespace {

struct Kind {
    std::string_view id;
    Method DriveMethods::*member;
};
constexpr std::array kinds = {
    Kind{"EncryptionMethodWithXtsOsDropDown_Name", &DriveMethods::system},
    Kind{"EncryptionMethodWithXtsFdvDropDown_Name", &DriveMethods::fixed},
    Kind{"EncryptionMethodWithXtsRdvDropDown_Name", &DriveMethods::removable},
};

}  // namespace

Result<DriveMethods> parse_drive_methods(std::string_view text) {
    const auto value = parse_admx(text);
    if (!value) return value.error();
    DriveMethods methods;
    methods.any = !value->enabled;
    if (methods.any) return methods;
    if (value->data.size() != kinds.size()) {
        return Error{Fault::invalid, "A method is needed for system, fixed and removable drives, and nothing else.",
                     ""};
    }
    for (const auto& kind : kinds) {
        const auto found = value->data.find(kind.id);
        if (found == value->data.end())
            return Error{Fault::invalid, "A method is missing: " + std::string(kind.id) + ".", ""};
        const auto number = to_integer(found->second);
        if (!number || (*number != 3 && *number != 4 && *number != 6 && *number != 7)) {
            return Error{Fault::invalid, "A method has to be 3, 4, 6 or 7.", std::string(kind.id)};
        }
        methods.*kind.member = static_cast<Method>(*number);
    }
    return methods;
}

Outcome is_drive_methods(std::string_view text) {
    const auto methods = parse_drive_methods(text);
    if (!methods) return methods.error();
    return {};
}

std::string drive_methods_text(const DriveMethods& methods) {
    if (methods.any) return "<disabled/>";
    std::string text = "<enabled/>";
    for (const auto& kind : kinds) {
        text += "<data id=\"" + std::string(kind.id) + "\" value=\"" +
                std::to_string(static_cast<int>(methods.*kind.member)) + "\"/>";
    }
    return text;
}

}  // namespace steward::csp
