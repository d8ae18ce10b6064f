// A list of updates, as the operating system keeps it, by name.
#pragma once

#include <functional>
#include <utility>

#include "platform/listing.h"
#include "platform/updates.h"

namespace steward::platform {

using PackageUpdates = Rows<PackageUpdate>;

class UpdateTable final : public Listing<PackageUpdate> {
  public:
    using Source = std::function<Result<PackageUpdates>()>;
    explicit UpdateTable(Source source) : source_(std::move(source)) {}

    Result<PackageUpdates> all() override { return source_(); }

  private:
    Source source_;
};

}  // namespace steward::platform
