#include "platform/windows/update_lists.h"

#include <array>
#include <cstdio>
#include <map>
#include <string_view>
#include <utility>

namespace steward::platform {
namespace {

constexpr int most_events = 500;  // the newest of them
constexpr int security = 1, other = 0;

// Keys that are there while a restart is due.
constexpr std::pair<std::string_view, std::string_view> restart_keys[] = {
    {R"(SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired)", "Windows Update"},
    {R"(SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending)",
     "the servicing of Windows' components"}};

std::string text_of(Instant when) {
    return iso_extended(when.time_since_epoch().count());
}

// The newest line of each update.
Result<std::map<std::string, AgentEvent>> last_events(UpdateAgent& agent) {
    auto events = agent.history(most_events);
    if (!events) return std::move(events).error();
    std::map<std::string, AgentEvent> last;
    for (auto& event : *events) last.emplace(event.id, std::move(event));
    return last;
}

std::string code_text(std::uint32_t code) {
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "0x%08X", static_cast<unsigned>(code));
    return text.data();
}

}  // namespace

Result<PackageUpdates> installable_updates(UpdateAgent& agent) {
    auto found = agent.installable();
    if (!found) return std::move(found).error();
    PackageUpdates updates;
    for (const auto& each : *found) {
        PackageUpdate update;
        update.kind = each.security ? security : other;
        updates.emplace(each.id, std::move(update));
    }
    return updates;
}

Result<PackageUpdates> installed_updates(UpdateAgent& agent) {
    auto last = last_events(agent);
    if (!last) return std::move(last).error();
    PackageUpdates updates;
    for (const auto& [id, event] : *last) {
        if (event.what != AgentEvent::What::succeeded) continue;
        PackageUpdate update;
        update.when = text_of(event.when);
        updates.emplace(id, std::move(update));
    }
    return updates;
}

Result<PackageUpdates> failed_updates(UpdateAgent& agent) {
    auto last = last_events(agent);
    if (!last) return std::move(last).error();
    PackageUpdates updates;
    for (const auto& [id, event] : *last) {
        if (event.what != AgentEvent::What::failed) continue;
        PackageUpdate update;
        update.when = text_of(event.when);
        update.reason = "Windows could not install \"" + event.title + "\": error " + code_text(event.code) + ".";
        updates.emplace(id, std::move(update));
    }
    return updates;
}

Result<PackageUpdates> updates_pending_restart(UpdateAgent& agent, const Registry& registry) {
    auto waiting = agent.waiting_for_restart();
    if (!waiting) return std::move(waiting).error();
    auto last = last_events(agent);
    if (!last) return std::move(last).error();
    PackageUpdates updates;
    for (const auto& each : *waiting) {
        PackageUpdate update;
        const auto event = last->find(each.id);
        if (event != last->end()) update.when = text_of(event->second.when);
        update.reason = "\"" + each.title + "\" is complete once the device has restarted.";
        updates.emplace(each.id, std::move(update));
    }
    for (const auto& [key, who] : restart_keys) {
        auto there = registry.has_key(key);
        if (!there) return std::move(there).error();
        if (!*there || !updates.empty()) continue;
        PackageUpdate update;
        update.reason = "A restart is due for " + std::string(who) + ", which does not say for what.";
        updates.emplace("unknown", std::move(update));
    }
    return updates;
}

Result<UpdateFacts> WindowsUpdateFacts::read() {
    UpdateFacts facts;
    const auto last = agent_.last_search();
    if (!last) return last.error();
    if (*last) facts.last_scan = text_of(**last);
    return facts;
}

Outcome WindowsUpdateFacts::write(const UpdateFacts&) {
    return Error{Fault::refused, "Updates are observed, not set.", ""};
}

}  // namespace steward::platform
