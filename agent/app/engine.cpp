#include "agent/app/engine.h"

#include <algorithm>
#include <utility>

#include "agent/app/circumstances.h"
#include "agent/app/journal.h"
#include "agent/app/leaving.h"
#include "platform/base/pause.h"
#include "platform/memory.h"

namespace steward::app {
namespace {

using std::chrono::seconds;

constexpr std::chrono::minutes every_look{60};  // at the settings, for what nobody notices

void tell(const tree::Tree::Sweep& sweep) {
    for (const auto& each : sweep.repaired) note(Level::info, "put right: " + each.uri);
    for (const auto& each : sweep.contested) note(Level::warning, "contested, left as it is for now: " + each.uri);
}

// Tells those who wait how far the session is.
struct Progress final : Witness {
    const std::function<void(const std::string&)> tell;
    std::size_t messages = 0;
    explicit Progress(std::function<void(const std::string&)> say) : tell(std::move(say)) {}
    void sent(const session::Outgoing& message) override {
        tell("message " + std::to_string(++messages) + ": " + std::to_string(message.body.size()) + " bytes sent");
    }
    void received(const transport::Reply& reply) override {
        tell("message " + std::to_string(messages) + ": " + std::to_string(reply.body.size()) + " bytes received");
    }
};

template <class... Ts>
struct Overloaded : Ts... {
    using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

}  // namespace

Engine::Engine(Surroundings surroundings, Mailbox<Letter>& mailbox)
    : around_(std::move(surroundings)), mailbox_(mailbox), identities_(around_.reach) {}

Outcome Engine::run() {
    if (auto started = start(); !started) return started;
    around_.supervisor.ready();
    platform::give_back_memory();
    const auto watchdog = around_.supervisor.watchdog();
    while (!stopping_) {
        if (!seen_ || !*seen_ || around_.clock.now() - seen_at_ > std::chrono::minutes(1)) seen_ = look();
        const auto now = *seen_;
        std::optional<Instant> until;
        std::vector<schedule::Turn> turns;
        if (now) {
            around_.accounts_seen(now->accounts);
            turns = roster_.turns(now->members, around_.clock.now());
            if (!turns.empty()) until = turns.front().at;
            if (now->renewal) until = std::min(until.value_or(Instant::max()), *now->renewal);
        } else {
            note(Level::error, now.error().what);
            until = around_.clock.now() + std::chrono::minutes(1);
        }
        const auto look_over = looked_over_ + (touched_ ? around_.between_looks : seconds(every_look));
        until = std::min(until.value_or(Instant::max()), look_over);
        // A wish that came meanwhile may change whose turn it is, so the mailbox is asked before anybody's turn begins.
        auto letter = mailbox_.take_if_any();
        while (!letter && *until > around_.clock.now()) {
            auto wake = until;
            if (watchdog) wake = std::min(*until, around_.clock.now() + *watchdog);
            letter = mailbox_.take(wake);
            around_.supervisor.alive();
        }
        if (letter) {
            const Look empty;
            if (!read(std::move(*letter), now ? *now : empty)) break;
        } else if (now && now->renewal && *now->renewal <= around_.clock.now()) {
            look_after_identities();
        } else if (now && !turns.empty() && turns.front().at <= around_.clock.now()) {
            turn(turns.front(), *now);
            platform::give_back_memory();
        } else if (look_over <= around_.clock.now()) {
            put_right();
            platform::give_back_memory();
        }
    }
    around_.supervisor.stopping();
    for (const auto& [account, follower] : followers_) {
        follower->ended(account, Error{Fault::interrupted, "The service stops.", {}});
    }
    followers_.clear();
    return {};
}

// The device is brought to its committed state before anything is asked of any network.
Outcome Engine::start() {
    for (int tries = 0;; ++tries) {
        auto agent = Agent::open(around_.places, Purpose::change);
        if (!agent && agent.error().fault == Fault::busy && tries < 60 && pause(seconds(1))) continue;
        if (!agent) return agent.error();
        looked_over_ = around_.clock.now();
        tell((*agent)->recovered());
        std::vector<audit::Entry> entries;
        for (const auto& each : (*agent)->recovered().failed) {
            note(Level::warning, "could not be put right at start: " + each.what);
            audit::Entry entry;
            entry.kind = "repair";
            entry.subject = each.evidence;
            entry.outcome = "failed: " + each.what;
            entries.push_back(std::move(entry));
        }
        if ((*agent)->database_set_aside()) {
            note(Level::error, "the state database was damaged and set aside: " + *(*agent)->database_set_aside());
        }
        users_ = users_of(**agent);
        device_ = (*agent)->device_id();
        return (*agent)->audit().append(std::move(entries));
    }
}

// The database was looked over at the start, and is once in an hour.
Result<std::unique_ptr<Agent>> Engine::open(Purpose purpose) const {
    auto agent = Agent::open(around_.places, purpose, store::Care::quick);
    if (agent || agent.error().fault != Fault::store) return agent;
    return Agent::open(around_.places, purpose);
}

// Who opens the agent for a change has put the settings right. A failure was said at the start, and is tried again.
void Engine::put_right() {
    looked_over_ = around_.clock.now();
    auto agent = Agent::open(around_.places, Purpose::change);
    if (agent) {
        touched_ = false;
        tell((*agent)->recovered());
    } else if (agent.error().fault != Fault::busy) {  // else somebody else looks just now; once more, after him
        touched_ = false;
        note(Level::warning, agent.error().what);
    }
}

Result<Engine::Look> Engine::look() {
    auto agent = open(Purpose::read);
    if (!agent) return agent.error();
    return look(**agent);
}

Result<Engine::Look> Engine::look(Agent& agent) {
    seen_at_ = around_.clock.now();
    Look look;
    look.accounts = agent.accounts().all();
    const bool hold = power_is_short(agent) || money_is_short(agent);
    for (const auto& account : look.accounts) {
        auto last = agent.sessions().latest(account.id, 1);
        if (!last) return last.error();
        schedule::Member member;
        member.account = account.id;
        member.poll = account.poll;
        member.facts.since = account.poll_since;
        if (!last->empty()) member.facts.last = Instant(seconds(last->front().begun));
        member.facts.spread = spread_of(device_, account.id);
        member.facts.floor = around_.floor;
        member.facts.push_works = around_.push_works(account.id);
        member.hold = hold;
        member.leaving = leaving(agent, account.id);
        look.members.push_back(std::move(member));
    }
    look.renewal = identities_.next(agent);
    plan(agent, look);
    return look;
}

// Kept so that everybody can see it.
void Engine::plan(Agent& agent, const Look& now) {
    std::vector<store::Appointment> appointments;
    for (const auto& turn : roster_.turns(now.members, around_.clock.now())) {
        appointments.push_back({turn.account, turn.at.time_since_epoch().count(), turn.why});
    }
    if (auto kept = agent.agenda().plan(appointments); !kept) note(Level::warning, kept.error().what);
    const auto& first = appointments.empty() ? std::string("no account") : appointments.front().account;
    around_.supervisor.status(appointments.empty() ? "No account yet."
                                                   : "Next session with " + first + " at " +
                                                         iso_extended(appointments.front().at) + ".");
}

bool Engine::read(Letter letter, const Look& now) {
    // Of the letters only these leave the accounts as they were.
    const auto* changed = std::get_if<platform::Changed>(&letter);
    const bool settings = changed != nullptr && *changed == platform::Changed::settings;
    if (!settings && !std::holds_alternative<Wish>(letter) && !std::holds_alternative<Notification>(letter)) {
        seen_.reset();
    }
    return std::visit(Overloaded{
                          [this](Stop&) {
                              stopping_ = true;
                              return false;
                          },
                          [this](Reload&) {
                              around_.supervisor.reloading();
                              around_.supervisor.ready();
                              return true;
                          },
                          [&](Wish& wish) {
                              fulfil(std::move(wish), now);
                              return true;
                          },
                          [&](Notification& notification) {
                              if (auto call = notifications_.judge(notification.bytes, now.accounts)) {
                                  Wish wish{call->account, "a notification of its server", true, {true, {}, {}}, {}};
                                  wish.occasion.session_id = std::move(call->session_id);
                                  wish.occasion.nonce = std::move(call->nonce);
                                  fulfil(std::move(wish), now);
                              }
                              return true;
                          },
                          [&](ChannelNews& news) {
                              channel_changed(news.account, news.status);
                              return true;
                          },
                          [&](platform::Changed& what) {
                              if (what == platform::Changed::network) roster_.network_changed(around_.clock.now());
                              if (what == platform::Changed::logins) logins_changed(now);
                              if (what == platform::Changed::settings) touched_ = true;
                              return true;
                          },
                      },
                      letter);
}

void Engine::fulfil(Wish wish, const Look& now) {
    if (wish.account.empty() && now.accounts.size() == 1) wish.account = now.accounts.front().id;
    const bool known = std::any_of(now.accounts.begin(), now.accounts.end(),
                                   [&](const auto& account) { return account.id == wish.account; });
    if (!known) {
        const std::string sentence = wish.account.empty() ? "Name one of the accounts with --account."
                                                          : "There is no account \"" + wish.account + "\".";
        if (wish.follower) wish.follower->ended(wish.account, Error{Fault::not_found, sentence, {}});
        return;
    }
    if (wish.follower) followers_.emplace(wish.account, std::move(wish.follower));
    if (wish.nudge) {
        roster_.nudge(wish.account, wish.why, around_.clock.now());
    } else {
        roster_.wish(wish.account, wish.why, around_.clock.now());
    }
    if (wish.occasion.server_initiated) occasions_[wish.account] = std::move(wish.occasion);
}

// The server reads in its next session where it can post now, so there is one at once.
void Engine::channel_changed(const std::string& account, notify::ChannelStatus status) {
    auto agent = open(Purpose::change);
    if (!agent) {
        if (agent.error().fault == Fault::busy && pause(seconds(1))) mailbox_.post(ChannelNews{account, status});
        return;
    }
    auto found = (*agent)->accounts().find(account);
    if (!found) return;
    Push push = found->push;
    push.status = std::to_string(static_cast<int>(status));
    if (status == notify::ChannelStatus::works) push.channel_uri = push.post_to();
    const bool moved = push.channel_uri != found->push.channel_uri;
    if (!moved && push.status == found->push.status) return;
    if (auto kept = (*agent)->accounts().keep_push(account, push); !kept) note(Level::warning, kept.error().what);
    note(Level::info, "push channel of " + account + ": status " + push.status);
    if (moved) roster_.wish(account, "the push channel has an address now", around_.clock.now());
}

void Engine::logins_changed(const Look& now) {
    auto agent = open(Purpose::read);
    if (!agent) return;
    const auto before = std::exchange(users_, users_of(**agent));
    for (const auto& user : users_) {
        if (before.contains(user)) continue;
        const auto first = (*agent)->agenda().first_login(user);
        for (const auto& account : now.accounts) {
            const bool wanted = account.poll.on_login || (account.poll.on_first_login && first && *first);
            if (wanted) roster_.wish(account.id, "somebody signed in", around_.clock.now());
        }
    }
}

void Engine::turn(const schedule::Turn& turn, const Look& now) {
    seen_.reset();
    const auto account = std::find_if(now.accounts.begin(), now.accounts.end(),
                                      [&](const auto& each) { return each.id == turn.account; });
    const auto member = std::find_if(now.members.begin(), now.members.end(),
                                     [&](const auto& each) { return each.account == turn.account; });
    auto agent = open(Purpose::change);
    if (!agent) {
        // Somebody works with the state by hand: his turn first.
        if (agent.error().fault != Fault::busy) {
            note(Level::error, agent.error().what);
            roster_.began(turn.account, around_.clock.now());
            roster_.failed(turn.account, {Fault::busy, 0, std::nullopt}, account->retry, around_.clock.now(),
                           random_share());
            conclude(*account, agent.error());
        } else {
            (void)pause(seconds(1));
        }
        return;
    }
    looked_over_ = around_.clock.now();
    touched_ = false;
    tell((*agent)->recovered());
    note(Level::info, "session with " + turn.account + ": " + turn.why);
    roster_.began(turn.account, around_.clock.now());
    if (member->leaving) {
        farewell(**agent, *account, true);
    } else {
        session(**agent, *account, turn);
    }
    seen_ = look(**agent);
}

void Engine::session(Agent& agent, const Account& account, const schedule::Turn& turn) {
    const auto conductor = around_.connect(account);
    Progress progress([&](const std::string& line) {
        const auto [first, last] = followers_.equal_range(account.id);
        for (auto each = first; each != last; ++each) each->second->progress(line);
        around_.supervisor.alive();
    });
    Patience patience{account.retry, [this](std::chrono::milliseconds time) { return pause(time); }};
    Occasion occasion;
    if (const auto found = occasions_.extract(account.id); !found.empty()) occasion = found.mapped();
    const auto result = sync(agent, account, *conductor, {&progress}, occasion, patience);
    if (auto kept = agent.accounts().give_topic(account.id); !kept) note(Level::warning, kept.error().what);
    if (result) identities_.used(agent, account.id, *result);
    const bool good = result && (result->end == session::End::finished || result->end == session::End::left);
    if (good) {
        roster_.succeeded(account.id);
        note(Level::info, "session with " + account.id + " finished: " + std::to_string(result->counters.messages) +
                              " messages, " + std::to_string(result->counters.commands) + " commands, " +
                              std::to_string(result->counters.failed) + " failed");
    } else {
        const Error& error = result ? result->error : result.error();
        note(Level::warning, "session with " + account.id + " failed (" + turn.why + "): " + error.what);
        roster_.failed(account.id, result && result->failure ? *result->failure : transport::Failure{}, account.retry,
                       around_.clock.now(), random_share());
    }
    if (result && result->end == session::End::left) {
        note(Level::info, "the server of " + account.id + " ended the enrolment");
        farewell(agent, account, false);
    } else if (!good && account.lost_contact_days > 0 && roster_.failures(account.id) >= 3) {
        const auto finished = agent.sessions().last_finished(account.id);
        const auto silent = around_.clock.now().time_since_epoch().count() -
                            (finished ? *finished : account.poll_since.time_since_epoch().count());
        if (silent / 86400 >= account.lost_contact_days) {
            note(Level::warning, "no contact with " + account.id + " for " + std::to_string(silent / 86400) +
                                     " days: it leaves, as its server wanted for this case");
            farewell(agent, account, false);
        }
    }
    conclude(account, result);
}

void Engine::look_after_identities() {
    seen_.reset();
    auto agent = open(Purpose::change);
    if (!agent) {
        note(Level::warning, agent.error().what);
        (void)pause(seconds(1));
        return;
    }
    for (const auto& account : identities_.look_after(**agent)) {
        roster_.wish(account, "its certificate was renewed", around_.clock.now());
    }
}

void Engine::farewell(Agent& agent, const Account& account, bool insist) {
    const auto conductor = around_.connect(account);
    const auto departure = depart(agent, account, *conductor, "its server", insist);
    if (!departure) {
        note(Level::error, "account " + account.id + " could not be taken away: " + departure.error().what);
        return;
    }
    for (const auto& left : departure->leftover) note(Level::warning, "did not return to what it was: " + left.uri);
    note(Level::info, "account " + account.id + (departure->gone ? " is gone" : " waits to tell its server") +
                          (departure->farewell == Farewell::told ? "; its server knows" : ""));
}

void Engine::conclude(const Account& account, const Result<SyncResult>& result) {
    const auto [first, last] = followers_.equal_range(account.id);
    for (auto each = first; each != last; ++each) each->second->ended(account.id, result);
    followers_.erase(first, last);
}

// false: told to stop meanwhile.
bool Engine::pause(std::chrono::milliseconds time) {
    const auto watchdog = around_.supervisor.watchdog();
    while (time.count() > 0 && !around_.stop.stop_requested()) {
        const auto part = watchdog ? std::min<std::chrono::milliseconds>(time, *watchdog) : time;
        (void)steward::pause(around_.stop, part);
        around_.supervisor.alive();
        time -= part;
    }
    return !around_.stop.stop_requested();
}

}  // namespace steward::app
