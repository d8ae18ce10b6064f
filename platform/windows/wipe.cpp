#include "platform/windows/wipe.h"

#include <windows.h>

#include <algorithm>
#include <utility>

#include "platform/base/text.h"
#include "platform/windows/failure.h"
#include "platform/windows/task_document.h"
#include "platform/windows/wide.h"

namespace steward::platform {
namespace {

const std::string place = R"(SOFTWARE\Steward\Wipe)";
const std::string space = R"(root\cimv2\mdm\dmmap)";
const std::string question = R"(SELECT * FROM MDM_RemoteWipe WHERE InstanceID="RemoteWipe")";
const std::string task_name = "Wipe";
constexpr std::chrono::seconds soonest{5};

}  // namespace

Outcome WindowsWiper::allowed() const {
    auto value = registry_.find(place, "Allow");
    if (!value) return std::move(value).error();
    if (*value && number_in(**value) == 1U) return {};
    return Error{Fault::refused,
                 "This device does not allow to be wiped: its administrator can allow it in HKEY_LOCAL_MACHINE\\" +
                     place + " (Allow = 1).",
                 {}};
}

Result<std::string> WindowsWiper::bridge() {
    auto found = wmi_.query(space, question);
    if (!found && found.error().fault != Fault::unsupported) return std::move(found).error();
    if (!found || found->empty()) {
        return Error{Fault::unsupported,
                     "This Windows can't be reset from here: it has no management bridge, or it is not for this user.",
                     space};
    }
    return text_of(found->front(), "__RELPATH").value_or("");
}

Result<std::vector<std::string>> WindowsWiper::plan(WipeKind kind) {
    if (auto may = allowed(); !may) return std::move(may).error();
    if (auto path = bridge(); !path) return std::move(path).error();
    std::vector<std::string> steps = {
        "start Windows' own reset: it removes everything, cleans the drive and installs "
        "itself again; what BitLocker encrypted can't be read any more"};
    if (kind == WipeKind::thorough) steps.emplace_back("go on with it after every restart until it is complete");
    steps.emplace_back("restart at once");
    return steps;
}

Outcome WindowsWiper::forget() {
    const std::vector<Setting> settings = {{place, "Kind", std::nullopt}, {place, "At", std::nullopt}};
    auto forgotten = registry_.apply(settings);
    auto erased = tasks_.erase(task_name);
    return forgotten ? std::move(erased) : std::move(forgotten);
}

Outcome WindowsWiper::order(WipeKind kind, Instant at) {
    if (auto planned = plan(kind); !planned) return planned.error();
    const std::vector<Setting> settings = {{place, "Kind", text_value(name_of(kind))},
                                           {place, "At", text_value(std::to_string(at.time_since_epoch().count()))}};
    if (auto ordered = registry_.apply(settings); !ordered) return ordered;
    const auto begin = std::max(at, clock_.now() + soonest);
    auto put = tasks_.put(task_name, task_document({"Wipe of this device by order of its management server",
                                                    time_trigger(iso_extended(begin.time_since_epoch().count())),
                                                    program_, "wipe --carry-out", true}));
    // An order that nobody carries out now would be carried out at some restart, when nobody expects it any more.
    if (!put) (void)forget();
    return put;
}

Result<std::optional<WipeOrder>> WindowsWiper::ordered() {
    auto kind = registry_.find(place, "Kind");
    if (!kind) return std::move(kind).error();
    auto at = registry_.find(place, "At");
    if (!at) return std::move(at).error();
    if (!*kind && !*at) return std::optional<WipeOrder>();
    const auto word = *kind ? text_in(**kind) : std::nullopt;
    const auto text = *at ? text_in(**at) : std::nullopt;
    const auto seconds = text ? to_integer(*text) : std::nullopt;
    if ((word != name_of(WipeKind::quick) && word != name_of(WipeKind::thorough)) || !seconds) {
        return Error{Fault::malformed, "The order to wipe can't be read, and is not carried out.", place};
    }
    const auto asked = word == name_of(WipeKind::quick) ? WipeKind::quick : WipeKind::thorough;
    return std::optional(WipeOrder{asked, Instant(std::chrono::seconds(*seconds))});
}

Outcome WindowsWiper::carry_out(const std::function<void(const std::string&)>& say) {
    auto order = ordered();
    if (!order) return std::move(order).error();
    if (!*order) return Error{Fault::not_found, "No order to wipe this device stands.", {}};
    if (clock_.now() < (*order)->at) return Error{Fault::busy, "The order to wipe this device is for later.", {}};
    if (auto may = allowed(); !may) return may;
    auto path = bridge();
    if (!path) return std::move(path).error();
    const std::string method = (*order)->kind == WipeKind::quick ? "doWipeMethod" : "doWipeProtectedMethod";
    auto answer = wmi_.call(space, *path, method, {{"param", std::string()}});
    Outcome done = answer ? Outcome() : Outcome(answer.error());
    if (answer) {
        const auto code = number_of(*answer, "ReturnValue").value_or(0);
        if (code != 0) done = failed_call("Windows refused to reset itself.", method, static_cast<unsigned long>(code));
    }
    say("reset of Windows" + (done ? std::string(": started") : ": failed: " + done.error().what));
    // Windows goes on by itself from here; an order that it refused is not to surprise anybody later.
    auto forgotten = forget();
    return done ? std::move(forgotten) : std::move(done);
}

}  // namespace steward::platform
