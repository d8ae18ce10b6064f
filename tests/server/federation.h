// The web page of federated authentication: it ends in a form that posts a token to where the client waits for it.
// Source: MS-MDE2 3.2, protocol sheet 10.4.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "platform/base/clock.h"
#include "tests/server/http.h"

namespace steward::server {

class Federation {
  public:
    // Asks for a name and password where there are accounts; without, everybody gets a token.
    using Accepts = std::function<bool(const std::string& name, const std::string& secret)>;
    Federation(Accepts accepts, bool asks, const Clock& clock)
        : accepts_(std::move(accepts)), asks_(asks), clock_(clock) {}

    // GET /auth?appru=…&login_hint=…, or POST of the form that it shows. `how=redirect` gives 302 to appru with wresult
    // in the query, for clients without a browser.
    Response answer(const Request& request);

    std::optional<std::string> user_of(const std::string& token) const;  // still good; nullopt: unknown, used or old
    std::optional<std::string> spend(const std::string& token);          // good for the last time

  private:
    struct Ticket {
        std::string user;
        Instant until;
    };
    std::string issue(const std::string& user);

    Accepts accepts_;
    bool asks_;
    const Clock& clock_;
    mutable std::mutex mutex_;
    std::map<std::string, Ticket> tickets_;
};

// "a=b&c=d%20e" -> {a: "b", c: "d e"}; the first of a name counts.
std::map<std::string, std::string> form_fields(std::string_view text);

}  // namespace steward::server
