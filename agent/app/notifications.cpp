#include "agent/app/notifications.h"

#include <algorithm>

namespace steward::app {

std::optional<Notifications::Call> Notifications::judge(std::string_view bytes, const std::vector<Account>& accounts) {
    const auto notification = notify::parse_package0(bytes);
    if (!notification) return std::nullopt;
    const auto account = std::find_if(accounts.begin(), accounts.end(),
                                      [&](const auto& each) { return each.id == notification->server; });
    // Without a secret of the server there is nothing it could prove itself with.
    if (account == accounts.end() || account->server.secret.empty()) return std::nullopt;
    const auto proof =
        notify::prove(bytes, account->id, account->server.secret, account->server.nonce, account->nonce_resync);
    if (proof == notify::Proof::none) return std::nullopt;
    if (std::find(seen_.begin(), seen_.end(), bytes) != seen_.end()) return std::nullopt;
    seen_.emplace_back(bytes);
    if (seen_.size() > remembered) seen_.pop_front();
    Call call{account->id, notify::session_id_of(*notification), std::nullopt};
    if (proof == notify::Proof::backup_nonce) call.nonce = std::string(notify::backup_nonce);
    return call;
}

}  // namespace steward::app
