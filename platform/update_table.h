// A list of updates, as the operating system keeps it, by name.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "platform/base/clock.h"
#include "platform/updates.h"

namespace steward::platform {

using PackageUpdates = std::map<std::string, PackageUpdate, std::less<>>;

// One of them as a table: listing and then reading each row makes the list once: it is kept for a few seconds.
class UpdateTable final : public Table<PackageUpdate> {
  public:
    using Source = std::function<Result<PackageUpdates>()>;
    UpdateTable(Source source, const Clock& clock) : source_(std::move(source)), clock_(clock) {}

    Result<std::vector<std::string>> names() override;
    Result<PackageUpdate> read(std::string_view key) override;
    Outcome write(std::string_view key, const PackageUpdate& managed) override;
    Outcome erase(std::string_view key) override;

  private:
    Outcome refresh();

    Source source_;
    const Clock& clock_;
    std::optional<Instant> made_;
    PackageUpdates updates_;
};

}  // namespace steward::platform
