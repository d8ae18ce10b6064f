// When settings were found changed and put right. A setting that somebody else keeps changing back is contested: it is
// left alone for a while and said to be so, instead of two programs overwriting each other for ever.
#pragma once

#include <chrono>
#include <set>
#include <string>
#include <vector>

#include "platform/base/clock.h"
#include "platform/base/result.h"

namespace steward::store {

class Database;

class Repairs {
  public:
    static constexpr int most = 5;                   // of one setting …
    static constexpr std::chrono::minutes span{60};  // … within so long; then it is contested

    Repairs(const Clock& clock, Database& database) : clock_(clock), database_(database) {}

    // Notes that these URIs were put right now.
    Outcome note(const std::vector<std::string>& uris);
    Result<std::set<std::string>> contested() const;

  private:
    const Clock& clock_;
    Database& database_;
};

}  // namespace steward::store
