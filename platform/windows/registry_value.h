// One value of the registry: its type and the bytes as they are stored.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace steward::platform {

struct RegistryValue {
    std::uint32_t type = 0;  // REG_SZ, REG_DWORD, …
    std::string data;
    bool operator==(const RegistryValue&) const = default;
};

RegistryValue dword(std::uint32_t number);
RegistryValue text_value(std::string_view utf8);
RegistryValue binary(std::string_view bytes);

std::optional<std::uint32_t> number_in(const RegistryValue& value);  // of a REG_DWORD
std::optional<std::string> text_in(const RegistryValue& value);      // of a REG_SZ or REG_EXPAND_SZ, not expanded
std::optional<std::vector<std::string>> texts_in(const RegistryValue& value);  // of a REG_MULTI_SZ

}  // namespace steward::platform
