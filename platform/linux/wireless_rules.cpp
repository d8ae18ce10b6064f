#include "platform/linux/wireless_rules.h"

#include <string>
#include <utility>

#include "platform/linux/drop_in.h"
#include "platform/linux/network_manager.h"

namespace steward::platform {
namespace {

constexpr std::string_view rules_file = "/etc/polkit-1/rules.d/10-steward-wireless.rules";
// Where polkit reads rules at all; its older versions have none of them.
constexpr std::string_view rules_directories[] = {"/usr/share/polkit-1/rules.d", "/etc/polkit-1/rules.d"};
constexpr std::string_view comment = "//";
constexpr std::string_view was_on_mark = "// Wi-Fi was on before.\n";
constexpr std::string_view radio_actions = "\"org.freedesktop.NetworkManager.enable-disable-wifi\"";
constexpr std::string_view sharing_actions =
    "\"org.freedesktop.NetworkManager.wifi.share.open\",\n"
    "                   \"org.freedesktop.NetworkManager.wifi.share.protected\"";
const BusObject manager{network_manager_service, network_manager_path, network_manager_service};
constexpr std::string_view radio = "WirelessEnabled";

Error without_manager(Error error) {
    if (error.fault == Fault::unsupported)
        error.what = "Wi-Fi is switched by NetworkManager, which this device lacks. " + error.what;
    return error;
}

}  // namespace

std::string LinuxWirelessRules::text_of(const Refused& refused) {
    if (!refused.radio && !refused.sharing) return {};
    std::string actions(refused.radio ? radio_actions : "");
    if (refused.sharing) actions += (actions.empty() ? "" : ",\n                   ") + std::string(sharing_actions);
    return std::string(refused.was_on ? was_on_mark : "") +
           "polkit.addRule(function(action, subject) {\n"
           "    var refused = [" +
           actions +
           "];\n"
           "    if (subject.user != \"root\" && refused.indexOf(action.id) >= 0) return polkit.Result.NO;\n"
           "    return polkit.Result.NOT_HANDLED;\n"
           "});\n";
}

// A rule that somebody changed refuses nothing that we could vouch for.
Result<LinuxWirelessRules::Refused> LinuxWirelessRules::refused() const {
    auto text = files_.find(rules_file);
    if (!text) return std::move(text).error();
    Refused found;
    if (!*text) return found;
    found.radio = (*text)->find(radio_actions) != std::string::npos;
    found.sharing = (*text)->find(sharing_actions) != std::string::npos;
    found.was_on = (*text)->find(was_on_mark) != std::string::npos;
    const auto whole = text_of(found);
    return !whole.empty() && (*text)->ends_with(whole) ? found : Refused{false, false, found.was_on};
}

Outcome LinuxWirelessRules::refuse(const Refused& refused) {
    auto change = drop_in(files_, std::string(rules_file), text_of(refused), comment);
    if (!change) return std::move(change).error();
    return files_.apply({&*change, 1});
}

Result<bool> LinuxWirelessRules::radio_on() {
    auto value = get_property(bus_, manager, radio);
    if (!value) return without_manager(std::move(value).error());
    const auto on = value->as_boolean();
    if (!on) return Error{Fault::io, "NetworkManager does not say whether Wi-Fi is on.", {}};
    return *on;
}

Outcome LinuxWirelessRules::switch_radio(bool on) {
    auto now = radio_on();
    if (!now) return std::move(now).error();
    if (*now == on) return {};
    auto set = set_property(bus_, manager, radio, BusValue::boolean(on));
    return set ? set : Outcome(without_manager(std::move(set).error()));
}

Result<WirelessRules> LinuxWirelessRules::read() {
    WirelessRules rules;
    auto now = refused();
    if (!now) return std::move(now).error();
    auto on = radio_on();
    if (!on && on.error().fault == Fault::unsupported) return rules;  // nobody here knows of wireless networks
    if (!on) return std::move(on).error();
    rules.allowed = *on || !now->radio;
    rules.sharing = !now->sharing;
    return rules;
}

Outcome LinuxWirelessRules::write(const WirelessRules& managed) {
    auto before = refused();
    if (!before) return std::move(before).error();
    Refused wanted{!managed.allowed.value_or(true), !managed.sharing.value_or(true), false};
    bool has_rules = false;
    for (const auto directory : rules_directories) has_rules = has_rules || files_.exists(directory);
    if ((wanted.radio || wanted.sharing) && !has_rules) {
        return Error{Fault::unsupported,
                     "People can't be kept from it here: install polkit 0.106 or later, which reads rules.",
                     std::string(rules_directories[0])};
    }
    if (managed != WirelessRules{}) {
        auto on = radio_on();
        if (!on) return std::move(on).error();
        if (wanted.radio) wanted.was_on = before->radio || before->was_on ? before->was_on : *on;
    }
    if (!wanted.radio && before->radio && before->was_on) {
        if (auto on = switch_radio(true); !on) return on;
    }
    if (auto done = refuse(wanted); !done) return done;
    if (!wanted.radio) return {};
    auto off = switch_radio(false);
    if (!off) (void)refuse(*before);
    return off;
}

}  // namespace steward::platform
