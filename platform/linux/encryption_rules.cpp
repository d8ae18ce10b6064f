#include "platform/linux/encryption_rules.h"

#include <array>
#include <string>
#include <vector>

#include "platform/base/text.h"
#include "platform/linux/conf_file.h"

namespace steward::platform {
namespace {

constexpr std::string_view kept = "/var/lib/steward/encryption-rules";

std::string text_of(const DriveMethods& methods) {
    if (methods.any) return "any";
    std::string text;
    for (const auto method : {methods.system, methods.fixed, methods.removable}) {
        text += (text.empty() ? "" : " ") + std::to_string(static_cast<int>(method));
    }
    return text;
}

std::optional<DriveMethods> methods_of(std::string_view text) {
    DriveMethods methods;
    methods.any = text == "any";
    if (methods.any) return methods;
    const auto parts = split(text, ' ');
    if (parts.size() != 3) return std::nullopt;
    std::array<Method, 3> numbers{};
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const auto number = to_integer(parts[i]);
        if (!number || (*number != 3 && *number != 4 && *number != 6 && *number != 7)) return std::nullopt;
        numbers.at(i) = static_cast<Method>(*number);
    }
    return DriveMethods{false, numbers[0], numbers[1], numbers[2]};
}

}  // namespace

Result<EncryptionRules> LinuxEncryptionRules::read() {
    const auto text = files_.find(kept);
    if (!text) return text.error();
    const ConfFile file(ConfFile::Style::equals, *text);
    EncryptionRules rules;
    rules.required = file.value("required").value_or("no") == "yes";
    if (const auto methods = file.value("methods")) rules.methods = methods_of(*methods);
    return rules;
}

Outcome LinuxEncryptionRules::write(const EncryptionRules& managed) {
    Change change{std::string(kept), std::nullopt, 0600};
    if (managed.required || managed.methods) {
        std::string text = "# What a server asks of the disks. Written by Steward.\n";
        if (managed.required) text += std::string("required = ") + (*managed.required ? "yes" : "no") + "\n";
        if (managed.methods) text += "methods = " + text_of(*managed.methods) + "\n";
        change.content = std::move(text);
    }
    return files_.apply({&change, 1});
}

}  // namespace steward::platform
