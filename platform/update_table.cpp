#include "platform/update_table.h"

#include <chrono>

namespace steward::platform {
namespace {

constexpr std::chrono::seconds kept_for{10};

}  // namespace

Outcome UpdateTable::refresh() {
    const auto now = clock_.now();
    if (made_ && now >= *made_ && now - *made_ < kept_for) return {};
    auto updates = source_();
    if (!updates) return std::move(updates).error();
    updates_ = std::move(*updates);
    made_ = now;
    return {};
}

Result<std::vector<std::string>> UpdateTable::names() {
    if (auto fresh = refresh(); !fresh) return std::move(fresh).error();
    std::vector<std::string> names;
    for (const auto& entry : updates_) names.push_back(entry.first);
    return names;
}

Result<PackageUpdate> UpdateTable::read(std::string_view key) {
    if (auto fresh = refresh(); !fresh) return std::move(fresh).error();
    const auto found = updates_.find(key);
    if (found == updates_.end()) return Error{Fault::not_found, "There is no such update.", std::string(key)};
    return found->second;
}

Outcome UpdateTable::write(std::string_view, const PackageUpdate&) {
    return Error{Fault::refused, "Updates are observed, not set.", ""};
}

Outcome UpdateTable::erase(std::string_view) {
    return Error{Fault::refused, "Updates are observed, not set.", ""};
}

}  // namespace steward::platform
