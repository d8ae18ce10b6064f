#include "platform/windows/registry_value.h"

#include <windows.h>

#include <cstring>

#include "platform/windows/wide.h"

namespace steward::platform {
namespace {

std::wstring characters_of(const RegistryValue& value) {
    std::wstring text(value.data.size() / sizeof(wchar_t), L'\0');
    std::memcpy(text.data(), value.data.data(), text.size() * sizeof(wchar_t));
    return text;
}

}  // namespace

RegistryValue dword(std::uint32_t number) {
    return {REG_DWORD, std::string(reinterpret_cast<const char*>(&number), sizeof number)};
}

RegistryValue text_value(std::string_view utf8) {
    const std::wstring text = wide(utf8);
    return {REG_SZ, std::string(reinterpret_cast<const char*>(text.c_str()), (text.size() + 1) * sizeof(wchar_t))};
}

RegistryValue binary(std::string_view bytes) {
    return {REG_BINARY, std::string(bytes)};
}

std::optional<std::uint32_t> number_in(const RegistryValue& value) {
    std::uint32_t number = 0;
    if (value.type != REG_DWORD || value.data.size() != sizeof number) return std::nullopt;
    std::memcpy(&number, value.data.data(), sizeof number);
    return number;
}

std::optional<std::string> text_in(const RegistryValue& value) {
    if (value.type != REG_SZ && value.type != REG_EXPAND_SZ) return std::nullopt;
    auto text = characters_of(value);
    text.resize(std::min(text.size(), text.find(L'\0')));  // its end may be missing, or stand there twice
    return narrow(text);
}

std::optional<std::vector<std::string>> texts_in(const RegistryValue& value) {
    if (value.type != REG_MULTI_SZ) return std::nullopt;
    const auto text = characters_of(value);
    std::vector<std::string> texts;
    for (std::size_t at = 0; at < text.size() && text[at] != L'\0';) {
        const auto end = std::min(text.size(), text.find(L'\0', at));
        texts.push_back(narrow(std::wstring_view(text).substr(at, end - at)));
        at = end + 1;
    }
    return texts;
}

}  // namespace steward::platform
