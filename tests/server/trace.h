// What the test server prints while it works. Called from all threads.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <mutex>
#include <string>

#include "tests/support/match.h"
#include "tests/support/player.h"

namespace steward::server {

enum class TraceLevel : std::uint8_t {
    none,   // only failures and verdicts
    lines,  // one line per command
    full    // the bytes too, credentials and secrets blanked out
};

class Trace {
  public:
    Trace(std::ostream& out, TraceLevel level) : out_(out), level_(level) {}

    void exchange(const std::string& device, const std::string& id, const transcript::Player& player,
                  const std::string& client_body, const transcript::Reply& reply);
    void finding(const transcript::Finding& finding);
    void note(const std::string& text);
    void verdict(const std::string& device, const std::string& id, bool passed);

  private:
    void body(const std::string& bytes);

    std::ostream& out_;
    TraceLevel level_;
    std::mutex mutex_;
};

}  // namespace steward::server
