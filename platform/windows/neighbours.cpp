#include "platform/windows/neighbours.h"

#include <algorithm>
#include <array>
#include <map>
#include <span>
#include <string_view>
#include <utility>

#include "platform/base/text.h"
#include "platform/windows/bridge.h"

namespace steward::platform {
namespace {

const std::string enrolments = R"(SOFTWARE\Microsoft\Enrollments)";
const std::string current = R"(SOFTWARE\Microsoft\PolicyManager\current\device)";
const std::string joined = R"(SYSTEM\CurrentControlSet\Control\CloudDomainJoin\JoinInfo)";

constexpr std::uint32_t enrolled = 1;
constexpr std::string_view winner_suffix = "_WinningProvider";

// Windows keeps accounts of its own beside those of servers; they are there on every device. Who uses the WMI bridge,
// as Configuration Manager does, sets policies under the names of the last two.
constexpr std::array own_accounts = {"Local Authority", "Cloud Authority", "Deploy Authority", "WMI_Bridge_SCCM_Server",
                                     "WMI_Bridge_Server"};

bool among(std::string_view name, std::span<const char* const> names) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

// GUIDs stand with braces here and without them there.
std::string plain(std::string_view guid) {
    if (guid.size() > 2 && guid.front() == '{' && guid.back() == '}') guid = guid.substr(1, guid.size() - 2);
    return upper(std::string(guid));
}

struct Found {
    Neighbour neighbour;
    bool manages = false;  // it is enrolled, and not only one who once set something
};

Result<std::map<std::string, Found>> enrolled_in(const Registry& registry) {
    auto keys = registry.keys(enrolments);
    if (!keys) return std::move(keys).error();
    std::map<std::string, Found> found;
    for (const auto& key : *keys) {
        const std::string place = enrolments + "\\" + key;
        auto name = registry.text(place, "ProviderID");
        if (!name || name->empty()) continue;
        Found each;
        each.neighbour.name = *name;
        each.neighbour.server = registry.text(place, "DiscoveryServiceFullURL").value_or(std::string());
        each.neighbour.person = registry.text(place, "UPN").value_or(std::string());
        if (const auto kind = registry.number(place, "EnrollmentType")) each.neighbour.kind = std::to_string(*kind);
        each.manages = registry.number(place, "EnrollmentState") == enrolled && !among(*name, own_accounts) &&
                       !each.neighbour.server.empty();
        found.emplace(plain(key), std::move(each));
    }
    return found;
}

}  // namespace

Result<Neighbours> neighbours_in(const Registry& registry) {
    auto found = enrolled_in(registry);
    if (!found) return std::move(found).error();
    auto areas = registry.keys(current);
    if (!areas) return std::move(areas).error();
    for (const auto& area : *areas) {
        const std::string place = current + "\\" + area;
        auto names = registry.values(place);
        if (!names) return std::move(names).error();
        for (const auto& name : *names) {
            if (!name.ends_with(winner_suffix)) continue;
            const std::string policy = name.substr(0, name.size() - winner_suffix.size());
            const auto winner = registry.text(place, name);
            if (!winner || winner->empty() || registry.number(place, policy + "_ProviderSet") == 0U) continue;
            auto& owner = (*found)[plain(*winner)];
            // What we set through the bridge stands there under a name of the bridge's.
            if (!owner.manages && set_through_bridge(registry, area, policy)) continue;
            if (owner.neighbour.name.empty()) owner.neighbour.name = *winner;
            owner.neighbour.policies.push_back(area + "/" + policy);
        }
    }
    Neighbours all;
    for (auto& [guid, each] : *found) {
        // Who has set something counts as well: a provisioning package, or an enrolment that is on its way out.
        if (!each.manages && each.neighbour.policies.empty()) continue;
        std::sort(each.neighbour.policies.begin(), each.neighbour.policies.end());
        all.all.push_back(std::move(each.neighbour));
    }
    auto joins = registry.keys(joined);
    if (!joins) return std::move(joins).error();
    if (!joins->empty()) {
        all.tenant = registry.text(joined + "\\" + joins->front(), "TenantId").value_or(std::string());
    }
    return all;
}

}  // namespace steward::platform
