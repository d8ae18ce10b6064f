#include "platform/linux/update_deadline.h"

#include <algorithm>
#include <ctime>
#include <utility>

#include "platform/base/text.h"
#include "platform/linux/update_lists.h"

namespace steward::platform {
namespace {

constexpr std::string_view notes_file = "/var/lib/steward/updates-seen";
constexpr std::string_view restart_wanted = "/run/reboot-required";
constexpr std::string_view oldest_key = "installed";  // no package is called so without a version
constexpr const char* installer = "/usr/bin/unattended-upgrade";
constexpr std::chrono::hours longest_install{3};
constexpr std::chrono::hours ahead{24};         // so early a restart is planned, which lets logind tell people in time
constexpr std::chrono::minutes last_words{15};  // and so late it may come when it is overdue

std::chrono::days days(const std::optional<int>& number) {
    return std::chrono::days(number.value_or(0));
}

Instant at(std::int64_t seconds) {
    return Instant(std::chrono::seconds(seconds));
}

std::string local_text(Instant time) {
    const std::time_t seconds = time.time_since_epoch().count();
    std::tm local{};
    char text[32] = "";
    if (::localtime_r(&seconds, &local) != nullptr) (void)std::strftime(text, sizeof text, "%Y-%m-%d %H:%M", &local);
    return text;
}

bool is_off(const UpdateRules& rules) {
    return rules.automatic == static_cast<int>(AutoUpdate::off);
}

}  // namespace

Result<LinuxUpdateDeadline::Notes> LinuxUpdateDeadline::notes() const {
    Notes notes;
    auto text = files_.find(notes_file);
    if (!text) return std::move(text).error();
    if (!*text) return notes;
    for (const auto line : split(**text, '\n')) {
        const auto blank = line.find(' ');
        const auto seconds = blank == std::string_view::npos ? std::nullopt : to_integer(line.substr(blank + 1));
        if (!seconds) continue;
        if (line.substr(0, blank) == oldest_key) {
            notes.oldest_installed = at(*seconds);
        } else {
            notes.seen.emplace(line.substr(0, blank), at(*seconds));
        }
    }
    return notes;
}

Outcome LinuxUpdateDeadline::keep(const Notes& notes) {
    if (notes == Notes{}) return files_.remove(notes_file);
    std::string text;
    if (notes.oldest_installed) {
        text =
            std::string(oldest_key) + " " + std::to_string(notes.oldest_installed->time_since_epoch().count()) + "\n";
    }
    for (const auto& [update, seen] : notes.seen) {
        text += update + " " + std::to_string(seen.time_since_epoch().count()) + "\n";
    }
    return files_.replace(notes_file, text);
}

Result<LinuxUpdateDeadline::Notes> LinuxUpdateDeadline::look() const {
    auto before = notes();
    if (!before) return before;
    auto installable = installable_updates(apt_);
    if (!installable) return std::move(installable).error();
    auto wanted = files_.present(restart_wanted);
    if (!wanted) return std::move(wanted).error();
    Notes now;
    const auto time = clock_.now();
    for (const auto& entry : *installable) {
        const auto known = before->seen.find(entry.first);
        // A clock that was set back must not put a deadline off for ever.
        now.seen.emplace(entry.first, known == before->seen.end() ? time : std::min(known->second, time));
    }
    if (!*wanted) return now;
    now.oldest_installed = before->oldest_installed;
    for (const auto& [update, seen] : before->seen) {
        if (!now.seen.contains(update)) now.oldest_installed = std::min(now.oldest_installed.value_or(seen), seen);
    }
    return now;
}

// Neither before the deadline of what was installed nor before people had their days of grace.
Result<std::optional<Instant>> LinuxUpdateDeadline::restart_due(const UpdateRules& rules, const Notes& notes) const {
    auto wanted = files_.present(restart_wanted);
    if (!wanted) return std::move(wanted).error();
    if (!*wanted || !rules.deadline_days) return std::optional<Instant>();
    const auto found = files_.stat(restart_wanted);
    if (!found) return found.error();
    const auto since = std::min(at(found->st_mtim.tv_sec), clock_.now());
    return std::optional(
        std::max(notes.oldest_installed.value_or(since) + days(rules.deadline_days), since + days(rules.grace_days)));
}

Result<UpdateStanding> LinuxUpdateDeadline::standing() {
    auto rules = rules_.read();
    if (!rules) return std::move(rules).error();
    auto now = look();
    if (!now) return std::move(now).error();
    UpdateStanding standing;
    for (const auto& [update, seen] : now->seen) {
        if (rules->deadline_days) {
            standing.pending.push_back({update, seen, seen + days(rules->deadline_days)});
        } else {
            standing.pending.push_back({update, std::nullopt, std::nullopt});
        }
    }
    auto restart = restart_due(*rules, *now);
    if (!restart) return std::move(restart).error();
    standing.restart_due = *restart;
    return standing;
}

Outcome LinuxUpdateDeadline::install(std::vector<std::string>& done) {
    Command command;
    command.arguments = {installer};
    command.environment = {{"DEBIAN_FRONTEND", "noninteractive"}};
    command.deadline = longest_install;
    auto ended = processes_.run(command);
    if (!ended) return std::move(ended).error();
    if (ended->code != 0) {
        return Error{Fault::io, "unattended-upgrade could not install what is due: see /var/log/unattended-upgrades.",
                     "exit code " + std::to_string(ended->code) + ": " + std::string(trim(ended->errors))};
    }
    done.emplace_back("unattended-upgrade installed what it may install.");
    return {};
}

Outcome LinuxUpdateDeadline::plan_restart(Instant due, std::vector<std::string>& done) {
    const auto now = clock_.now();
    if (due > now + ahead) return {};
    const auto when = std::max(due, now + last_words);
    auto planned = power_.planned_restart();
    if (!planned) return std::move(planned).error();
    if (*planned && **planned <= when) return {};  // ours of an hour ago, or somebody's who can wait less
    const auto text = local_text(when);
    auto ordered = power_.plan_restart(
        when, "This device restarts at " + text + " to finish installing updates: save your work before then.");
    if (!ordered) return ordered;
    done.push_back("A restart is planned for " + text + ".");
    return {};
}

Result<std::vector<std::string>> LinuxUpdateDeadline::enforce() {
    std::vector<std::string> done;
    auto rules = rules_.read();
    if (!rules) return std::move(rules).error();
    if (!rules->deadline_days) {
        if (auto forgotten = keep({}); !forgotten) return std::move(forgotten).error();
        return done;
    }
    auto now = look();
    if (!now) return std::move(now).error();
    if (auto kept = keep(*now); !kept) return std::move(kept).error();
    if (rules->paused.value_or(false) || is_off(*rules)) return done;
    const auto is_due = [&](const auto& entry) { return entry.second + days(rules->deadline_days) <= clock_.now(); };
    Outcome installed;
    if (std::any_of(now->seen.begin(), now->seen.end(), is_due)) {
        installed = install(done);
        now = look();
        if (!now) return std::move(now).error();
        if (auto kept = keep(*now); !kept) return std::move(kept).error();
    }
    // An update that could not be installed puts off no restart for those that were.
    auto restart = restart_due(*rules, *now);
    if (!restart) return std::move(restart).error();
    if (*restart) {
        if (auto planned = plan_restart(**restart, done); !planned) return std::move(planned).error();
    }
    if (!installed) return std::move(installed).error();
    return done;
}

}  // namespace steward::platform
