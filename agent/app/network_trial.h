// Never saw off the branch: a change of the network is on trial until the server has been reached over it. Until then
// the platform's guard stands ready to bring the old network back by itself, and what was desired before lies in the
// store beside what is desired now, so that even a device that loses its power on the way comes back with the old one.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "agent/audit/log.h"
#include "agent/store/outbox.h"
#include "agent/store/policies.h"
#include "agent/tree/operation.h"
#include "agent/tree/tree.h"
#include "platform/base/clock.h"
#include "platform/wifi.h"

namespace steward::app {

inline constexpr std::chrono::seconds network_trial_patience{60};
inline constexpr char network_undone_alert[] = "steward:network.undone";

// Stands in front of the tree for one session.
class NetworkTrial final : public tree::Executor {
  public:
    // `inner` leads to the tree.
    NetworkTrial(tree::Executor& inner, tree::Tree& tree, store::Policies& policies, platform::NetworkGuard& guard,
                 const Clock& clock)
        : inner_(inner), tree_(tree), policies_(policies), guard_(guard), clock_(clock) {}

    std::vector<tree::Answer> run(const tree::Context& context, std::span<const tree::Operation> operations) override;
    std::vector<tree::Answer> run_atomic(const tree::Context& context,
                                         std::span<const tree::Operation> operations) override;

    bool open() const { return open_; }
    // How long to wait before the server is tried again, where the account's policy says `by_policy`: a new network
    // takes its time to come up, so a trial is not given up before its own time, nor is a long wait begun in it.
    std::optional<std::chrono::milliseconds> next_wait(std::optional<std::chrono::milliseconds> by_policy) const;
    enum class Verdict : std::uint8_t { none, passed, undone };
    // The server has answered: a trial that is open has passed, unless the guard had to bring the old network back.
    Result<Verdict> reached();
    // The session is over: a trial that is still open failed, and the old network and the old wishes return.
    Result<Verdict> ended();

  private:
    bool concerns_network(const tree::Operation& operation) const;
    Outcome begin(const tree::Context& context);
    Result<Verdict> undone();

    tree::Executor& inner_;
    tree::Tree& tree_;
    store::Policies& policies_;
    platform::NetworkGuard& guard_;
    const Clock& clock_;
    bool open_ = false;
    Instant until_{};  // a trial's own time
};

// Puts the wishes from before a trial back that was cut short by a crash, and tells whose it was; nullopt: there was
// none. The device is brought in line by whoever calls.
Result<std::optional<std::string>> abandon_network_trial(store::Policies& policies);

// Tells the log, and the server as soon as it can be reached.
Outcome report_network_undone(store::Outbox& outbox, audit::Log& log, const std::string& account);

}  // namespace steward::app
