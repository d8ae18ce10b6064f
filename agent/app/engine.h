// The heart of the service: one thread that owns the state, a mailbox for everybody else, and a roster that says whose
// turn it is. Between two turns nothing is open and nothing runs.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

#include "agent/app/agent.h"
#include "agent/app/identities.h"
#include "agent/app/notifications.h"
#include "agent/app/sync.h"
#include "agent/notify/channel.h"
#include "agent/schedule/roster.h"
#include "platform/base/mailbox.h"
#include "platform/supervisor.h"
#include "platform/watch.h"

namespace steward::app {

// Hears how the session goes that it waits for. Called on the engine's thread.
struct Follower {
    virtual ~Follower() = default;
    virtual void progress(const std::string& line) = 0;
    virtual void ended(const std::string& account, const Result<SyncResult>& result) = 0;  // once
};

struct Stop {};
struct Reload {};  // accounts or settings changed behind our back
struct Wish {
    std::string account;  // empty: the only one
    std::string why;
    bool nudge = false;  // by a push or a notification: subject to a limit
    Occasion occasion;
    std::shared_ptr<Follower> follower;  // may be empty
};
struct Notification {  // package 0 as it arrived, unproved
    std::string bytes;
};
struct ChannelNews {
    std::string account;
    notify::ChannelStatus status = notify::ChannelStatus::unknown;
};
using Letter = std::variant<Stop, Reload, Wish, Notification, ChannelNews, platform::Changed>;

class Engine {
  public:
    struct Surroundings {
        Places places;
        const Clock& clock;
        platform::Supervisor& supervisor;
        std::function<std::unique_ptr<courier::Conductor>(const Account&)> connect;
        std::stop_token stop;                    // ends a session under way
        Reach reach = over_libcurl();            // for renewals
        std::chrono::minutes floor{1};           // between two sessions of a schedule, whatever a server says
        std::chrono::seconds between_looks{10};  // at the settings, however often something changes
        std::function<bool(const std::string& account)> push_works = [](const std::string&) { return false; };
        std::function<void(const std::vector<Account>&)> accounts_seen = [](const std::vector<Account>&) {};
    };

    Engine(Surroundings surroundings, Mailbox<Letter>& mailbox);

    // Puts the device right, says that it is ready, and works until it is told to stop. An Error: it could not start.
    Outcome run();

  private:
    struct Look {  // at the accounts, between two sessions
        std::vector<Account> accounts;
        std::vector<schedule::Member> members;
        std::optional<Instant> renewal;  // of a certificate
    };
    Outcome start();
    Result<std::unique_ptr<Agent>> open(Purpose purpose) const;
    void put_right();
    Result<Look> look();
    Result<Look> look(Agent& agent);
    void plan(Agent& agent, const Look& now);
    bool read(Letter letter, const Look& now);  // false: stop
    void fulfil(Wish wish, const Look& now);
    void logins_changed(const Look& now);
    void channel_changed(const std::string& account, notify::ChannelStatus status);
    void turn(const schedule::Turn& turn, const Look& now);
    void session(Agent& agent, const Account& account, const schedule::Turn& turn);
    void look_after_identities();
    void farewell(Agent& agent, const Account& account, bool insist);
    void conclude(const Account& account, const Result<SyncResult>& result);
    bool pause(std::chrono::milliseconds time);

    Surroundings around_;
    Mailbox<Letter>& mailbox_;
    schedule::Roster roster_;
    Notifications notifications_;
    Identities identities_;
    std::multimap<std::string, std::shared_ptr<Follower>> followers_;
    std::map<std::string, Occasion> occasions_;
    std::string device_;                // what servers know it by
    std::set<std::string> users_;       // who is signed in, as of the last look
    std::optional<Result<Look>> seen_;  // the last look, while nothing is known to have changed
    Instant seen_at_{};
    Instant looked_over_{};  // when the settings were last compared with what they should be
    bool touched_ = false;   // something has changed since then
    bool stopping_ = false;
};

}  // namespace steward::app
