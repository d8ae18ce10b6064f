#include "platform/windows/bridge_class.h"

#include <algorithm>
#include <array>
#include <utility>

#include "platform/base/text.h"

namespace steward::platform {
namespace {

constexpr std::string_view prefix = "MDM_";

// Whose names leave out a node. Source: Firewall CSP and the classes' ParentID.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> known{{
    {"MDM_Firewall_DomainProfile02", "Firewall/MdmStore/DomainProfile"},
    {"MDM_Firewall_Global02", "Firewall/MdmStore/Global"},
    {"MDM_Firewall_PrivateProfile02", "Firewall/MdmStore/PrivateProfile"},
    {"MDM_Firewall_PublicProfile02", "Firewall/MdmStore/PublicProfile"},
}};

// Which do not stand below ./Vendor/MSFT.
constexpr std::array<std::string_view, 2> elsewhere{"DevDetail", "DevInfo"};

bool digit(char letter) {
    return letter >= '0' && letter <= '9';
}

// The depth that a part of a name ends in: 2 for "Camera02"; 0: none.
std::size_t depth_of(std::string_view part) {
    const auto size = part.size();
    if (size < 2 || !digit(part[size - 1]) || !digit(part[size - 2])) return 0;
    return static_cast<std::size_t>(part[size - 2] - '0') * 10 + static_cast<std::size_t>(part[size - 1] - '0');
}

}  // namespace

std::optional<std::string> node_of_class(std::string_view name) {
    for (const auto& [each, node] : known) {
        if (each == name) return std::string(node);
    }
    if (!name.starts_with(prefix)) return std::nullopt;
    const auto parts = split(name.substr(prefix.size()), '_');
    if (parts.front().empty() || std::find(elsewhere.begin(), elsewhere.end(), parts.front()) != elsewhere.end()) {
        return std::nullopt;
    }
    std::string node(parts.front()), segment;
    std::size_t depth = 0;
    for (std::size_t i = 1; i < parts.size(); ++i) {
        // The scope stands where a node could; everywhere else a part without a number is one of a longer name.
        if (i == 1 && (parts[i] == "User" || parts[i] == "Device")) return std::nullopt;
        segment += segment.empty() ? "" : "_";
        segment += parts[i];
        const auto told = depth_of(parts[i]);
        if (told == 0) continue;
        segment.resize(segment.size() - 2);
        if (told != depth + 1 || segment.empty() || segment.back() == '_') return std::nullopt;
        depth = told;
        node += '/' + std::exchange(segment, {});
    }
    return segment.empty() ? std::optional(node) : std::nullopt;
}

}  // namespace steward::platform
