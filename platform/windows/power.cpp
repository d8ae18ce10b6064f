#include "platform/windows/power.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>
#include <vector>

#include "platform/base/day.h"
#include "platform/base/text.h"
#include "platform/document.h"
#include "platform/windows/task_document.h"

namespace steward::platform {
namespace {

const std::string planned = "PlannedRestart";
constexpr std::chrono::seconds notice{300}, soonest{5};
constexpr std::size_t longest_sentence = 400;  // shutdown.exe takes 512 characters
constexpr std::string_view scheduled_sentence = "Your organization restarts this device in 5 minutes: save your work.";
constexpr std::array<std::string_view, 7> day_names = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                       "Thursday", "Friday", "Saturday"};

// The end of a quoted argument must not be moved by what stands in it.
std::string quoted(std::string_view sentence) {
    std::string text;
    for (const char c : sentence) {
        if (text.size() >= longest_sentence) break;
        text += c == '"' ? '\'' : c == '\\' ? '/' : static_cast<unsigned char>(c) < ' ' ? ' ' : c;
    }
    while (!text.empty() && !valid_utf8(text)) text.pop_back();  // cut within a character
    return "\"" + text + "\"";
}

// Not made up for when the device was off: it has started since then.
std::string document_of(const std::string& trigger, std::chrono::seconds wait, std::string_view sentence) {
    return task_document({"Restart ordered by the management server", trigger, "%SystemRoot%\\System32\\shutdown.exe",
                          "/r /t " + std::to_string(wait.count()) + " /d p:4:1 /c " + quoted(sentence), false});
}

enum class Kind { once, daily, weekly };
struct Recurring {
    Kind kind;
    std::string task;
    std::optional<std::string> RestartSchedule::*member;
};
const Recurring every[] = {{Kind::once, "RestartOnce", &RestartSchedule::once},
                           {Kind::daily, "RestartDaily", &RestartSchedule::daily},
                           {Kind::weekly, "RestartWeekly", &RestartSchedule::weekly}};

std::string_view weekday_of(const Moment& moment) {
    return day_names.at(std::chrono::weekday(moment.day).c_encoding());
}

std::string trigger_of(Kind kind, const std::string& asked, const Moment& moment) {
    if (kind == Kind::once) return time_trigger(asked);
    std::string days = task_element("ScheduleByDay", task_element("DaysInterval", "1"));
    if (kind == Kind::weekly) {
        const std::string day = "<" + std::string(weekday_of(moment)) + " />";
        days = task_element("ScheduleByWeek", task_element("WeeksInterval", "1") + task_element("DaysOfWeek", day));
    }
    return task_element("CalendarTrigger",
                        task_element("StartBoundary", asked) + task_element("Enabled", "true") + days);
}

bool switched_on(const Element& task) {
    const auto* settings = task.child("Settings");
    if (settings == nullptr) return true;
    const auto* enabled = settings->child("Enabled");
    return enabled == nullptr || !same_ignoring_case(enabled->text, "false");
}

// What this task amounts to as the scheduler keeps it; nullopt: nothing that we would have asked for.
std::optional<std::string> asked_by(Kind kind, const std::string& document) {
    const auto task = read_document(document);
    if (!task || !switched_on(*task) || task->text_of("Command").find("shutdown.exe") == std::string::npos) {
        return std::nullopt;
    }
    const auto* trigger = task->descendant(kind == Kind::once ? "TimeTrigger" : "CalendarTrigger");
    if (trigger == nullptr) return std::nullopt;
    auto begin = trigger->text_of("StartBoundary");
    const auto moment = parse_moment(begin);
    if (!moment) return std::nullopt;
    if (kind == Kind::daily && trigger->text_of("DaysInterval") != "1") return std::nullopt;
    if (kind == Kind::weekly) {
        const auto* days = trigger->descendant("DaysOfWeek");
        if (trigger->text_of("WeeksInterval") != "1" || days == nullptr || days->children.size() != 1) {
            return std::nullopt;
        }
        if (days->children.front().name != weekday_of(*moment)) return std::nullopt;
    }
    return begin;
}

std::optional<Instant> instant_of(const std::string& text) {
    const auto moment = parse_moment(text);
    if (!moment || !moment->utc) return std::nullopt;
    const auto digits = [&](std::size_t at) { return (moment->clock[at] - '0') * 10 + (moment->clock[at + 1] - '0'); };
    return Instant(moment->day) + std::chrono::hours(digits(0)) + std::chrono::minutes(digits(3)) +
           std::chrono::seconds(digits(6));
}

// "/r /t 300 …": 300.
std::chrono::seconds wait_of(const std::string& arguments) {
    const auto words = split(arguments, ' ');
    for (std::size_t i = 0; i + 1 < words.size(); ++i) {
        if (words[i] == "/t") return std::chrono::seconds(to_integer(words[i + 1]).value_or(0));
    }
    return std::chrono::seconds(0);
}

}  // namespace

Outcome WindowsPower::plan_restart(Instant when, const std::string& sentence) {
    const auto begin = std::max(when - notice, clock_.now() + soonest);
    const auto wait = std::max(when - begin, std::chrono::seconds(0));
    const auto trigger = time_trigger(iso_extended(begin.time_since_epoch().count()));
    if (auto put = tasks_.put(planned, document_of(trigger, wait, sentence)); !put) return put;
    auto read_back = planned_restart();
    if (!read_back) return std::move(read_back).error();
    if (!*read_back) return Error{Fault::io, "The task scheduler took the restart but does not plan it.", {}};
    return {};
}

Result<std::optional<Instant>> WindowsPower::planned_restart() {
    auto document = tasks_.find(planned);
    if (!document) return std::move(document).error();
    if (!*document) return std::optional<Instant>();
    const auto begin = asked_by(Kind::once, **document);
    const auto started = begin ? instant_of(*begin) : std::nullopt;
    if (!started) return std::optional<Instant>();
    const auto task = read_document(**document);
    const auto when = *started + wait_of(task->text_of("Arguments"));
    if (when < clock_.now()) return std::optional<Instant>();  // it was
    return std::optional(when);
}

Result<RestartSchedule> WindowsRestartSchedule::read() {
    RestartSchedule schedule;
    for (const auto& each : every) {
        auto document = tasks_.find(each.task);
        if (!document) return std::move(document).error();
        if (*document) schedule.*each.member = asked_by(each.kind, **document);
    }
    return schedule;
}

Outcome WindowsRestartSchedule::write(const RestartSchedule& managed) {
    std::vector<std::pair<std::string, std::optional<std::string>>> wanted;
    for (const auto& each : every) {
        const auto& asked = managed.*each.member;
        if (!asked) {
            wanted.emplace_back(each.task, std::nullopt);
            continue;
        }
        const auto moment = parse_moment(*asked);
        if (!moment) return Error{Fault::invalid, "\"" + *asked + "\" is no time such as 2026-03-01T03:00:00.", {}};
        wanted.emplace_back(each.task, document_of(trigger_of(each.kind, *asked, *moment), notice, scheduled_sentence));
    }
    auto now = read();
    if (!now) return std::move(now).error();
    const auto make = [&](const std::string& task, const std::optional<std::string>& document) {
        return document ? tasks_.put(task, *document) : tasks_.erase(task);
    };
    std::vector<std::pair<std::string, std::optional<std::string>>> before;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const auto& [task, document] = wanted.at(i);
        auto old = tasks_.find(task);
        const bool same =
            old && (managed.*every[i].member == (*now).*every[i].member) && old->has_value() == document.has_value();
        if (same) continue;
        auto made = old ? make(task, document) : Outcome(old.error());
        if (!made) {
            for (const auto& [other, was] : before) (void)make(other, was);
            return made;
        }
        before.emplace_back(task, std::move(*old));
    }
    return {};
}

}  // namespace steward::platform
