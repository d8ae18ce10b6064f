// Which notifications count: those that their server can prove, each once.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/app/accounts.h"
#include "agent/notify/package0.h"

namespace steward::app {

class Notifications {
  public:
    struct Call {
        std::string account;
        std::string session_id;
        std::optional<std::string> nonce;  // the backup nonce, where the notification was made with it
    };
    // nullopt: of nobody we know, not proved, or known already. Says nothing to its sender either way.
    std::optional<Call> judge(std::string_view bytes, const std::vector<Account>& accounts);

  private:
    static constexpr std::size_t remembered = 256;
    std::deque<std::string> seen_;  // the newest that were accepted
};

}  // namespace steward::app
