#include "platform/linux/stale_services.h"

#include <chrono>
#include <string_view>
#include <utility>

#include "platform/base/text.h"

namespace steward::platform {
namespace {

constexpr std::string_view found_file = "/var/lib/steward/stale-services";
constexpr std::string_view unknown_mark = "? ";  // before a sentence that says why nobody knows
constexpr const char* unit = "steward-stale.service";
constexpr std::chrono::minutes longest_look{3};

}  // namespace

Outcome LinuxStaleServices::look() {
    auto packages = packages_.needed();
    auto names = packages ? (*packages)->stale_services() : std::move(packages).error();
    std::string text;
    if (!names) {
        text = std::string(unknown_mark) + names.error().what + "\n";
    } else {
        for (const auto& name : *names) text += name + "\n";
    }
    return files_.replace(found_file, text);
}

Result<Rows<StaleService>> LinuxStaleServices::all() {
    if (!system_) return Error{Fault::unsupported, "There is no systemd here that could look at its services.", {}};
    Command command;
    command.arguments = {"/usr/bin/systemctl", "start", unit};
    command.deadline = longest_look;
    auto ended = processes_.run(command);
    if (!ended) return std::move(ended).error();
    if (ended->code != 0) {
        return Error{Fault::io,
                     std::string("Nobody could look at the services: see \"systemctl status ") + unit + "\".",
                     std::string(trim(ended->errors))};
    }
    auto text = files_.read(found_file);
    if (!text) return std::move(text).error();
    if (text->starts_with(unknown_mark)) {
        return Error{Fault::unsupported, std::string(trim(text->substr(unknown_mark.size()))), {}};
    }
    Rows<StaleService> rows;
    for (const auto line : split(*text, '\n')) {
        if (line.empty()) continue;
        rows.emplace(line, StaleService{"It runs what an update has replaced until it is restarted."});
    }
    return rows;
}

}  // namespace steward::platform
