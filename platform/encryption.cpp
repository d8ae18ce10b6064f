#include "platform/encryption.h"

#include <array>
#include <cstddef>

namespace steward::platform {

std::string_view name_of(Judgement judgement) {
    constexpr std::array<std::string_view, 4> names = {"encrypted", "open", "unknown", "exempt"};
    return names.at(static_cast<std::size_t>(judgement));
}

std::string_view name_of(Drive drive) {
    constexpr std::array<std::string_view, 6> names = {"system", "fixed", "removable", "swap", "boot", "none"};
    return names.at(static_cast<std::size_t>(drive));
}

std::optional<Method> method_of(const Volume& volume) {
    if (!volume.cipher || !volume.key_bits) return std::nullopt;
    const bool xts = *volume.cipher == "aes-xts-plain64" || *volume.cipher == "aes-xts-plain";
    const bool cbc = volume.cipher->starts_with("aes-cbc-");
    if (xts && *volume.key_bits == 256) return Method::xts_aes_128;  // XTS has two keys
    if (xts && *volume.key_bits == 512) return Method::xts_aes_256;
    if (cbc && *volume.key_bits == 128) return Method::aes_cbc_128;
    if (cbc && *volume.key_bits == 256) return Method::aes_cbc_256;
    return std::nullopt;
}

}  // namespace steward::platform
