#include "platform/windows/encryption_rules.h"

#include <string>
#include <vector>

namespace steward::platform {
namespace {

const std::string policy = R"(SOFTWARE\Policies\Microsoft\FVE)";
const std::string system_value = "EncryptionMethodWithXtsOs", fixed_value = "EncryptionMethodWithXtsFdv",
                  removable_value = "EncryptionMethodWithXtsRdv";
const std::string ours = R"(SOFTWARE\Steward\Encryption)";
const std::string required_value = "Required", any_value = "AnyMethod";

Result<std::optional<Method>> method(const Registry& registry, const std::string& name) {
    auto value = registry.find(policy, name);
    if (!value) return std::move(value).error();
    const auto number = *value ? number_in(**value) : std::nullopt;
    if (!number || (*number != 3 && *number != 4 && *number != 6 && *number != 7)) return std::optional<Method>();
    return std::optional(static_cast<Method>(*number));
}

RegistryValue dword_of(Method method) {
    return dword(static_cast<std::uint32_t>(method));
}

}  // namespace

Result<EncryptionRules> WindowsEncryptionRules::read() {
    EncryptionRules rules;
    auto required = registry_.find(ours, required_value);
    if (!required) return std::move(required).error();
    rules.required = *required && number_in(**required) == 1U;
    auto system = method(registry_, system_value);
    if (!system) return std::move(system).error();
    auto fixed = method(registry_, fixed_value);
    if (!fixed) return std::move(fixed).error();
    auto removable = method(registry_, removable_value);
    if (!removable) return std::move(removable).error();
    if (*system && *fixed && *removable) {
        rules.methods = DriveMethods{false, **system, **fixed, **removable};
    } else if (!*system && !*fixed && !*removable && registry_.number(ours, any_value) == 1U) {
        rules.methods = DriveMethods{};
        rules.methods->any = true;
    }
    return rules;
}

Outcome WindowsEncryptionRules::write(const EncryptionRules& managed) {
    std::vector<Setting> values;
    if (managed.required) values.push_back({ours, required_value, dword(*managed.required ? 1 : 0)});
    if (managed.methods) {
        const auto& methods = *managed.methods;
        const auto wanted = [&](Method each) { return methods.any ? std::nullopt : std::optional(dword_of(each)); };
        values.push_back({policy, system_value, wanted(methods.system)});
        values.push_back({policy, fixed_value, wanted(methods.fixed)});
        values.push_back({policy, removable_value, wanted(methods.removable)});
        if (methods.any) values.push_back({ours, any_value, dword(1)});
    }
    return originals_.manage(values);
}

}  // namespace steward::platform
