#include <algorithm>
#include <array>
#include <utility>

#include "platform/linux/bus.h"

namespace steward::platform {
namespace {

constexpr std::string_view properties_interface = "org.freedesktop.DBus.Properties";

// The last word of an error's name says what happened, whichever service it comes from.
constexpr std::array<std::pair<std::string_view, Fault>, 32> faults = {{
    {"ServiceUnknown", Fault::unsupported},
    {"NameHasNoOwner", Fault::unsupported},
    {"UnknownMethod", Fault::unsupported},
    {"UnknownInterface", Fault::unsupported},
    {"UnknownProperty", Fault::unsupported},
    {"NotSupported", Fault::unsupported},
    {"ExecFailed", Fault::unsupported},
    {"ServiceNotFound", Fault::unsupported},
    {"UnknownObject", Fault::not_found},
    {"UnknownConnection", Fault::not_found},
    {"NoSuchSession", Fault::not_found},
    {"NoSuchUser", Fault::not_found},
    {"NoSuchSeat", Fault::not_found},
    {"NoSuchInhibitor", Fault::not_found},
    {"NoSuchUnit", Fault::not_found},
    {"NotFound", Fault::not_found},
    {"FileNotFound", Fault::not_found},
    {"AccessDenied", Fault::denied},
    {"AuthFailed", Fault::denied},
    {"InteractiveAuthorizationRequired", Fault::denied},
    {"PermissionDenied", Fault::denied},
    {"NotAuthorized", Fault::denied},
    {"NoReply", Fault::timeout},
    {"Timeout", Fault::timeout},
    {"TimedOut", Fault::timeout},
    {"InvalidArgs", Fault::invalid},
    {"InvalidProperty", Fault::invalid},
    {"MissingProperty", Fault::invalid},
    {"InvalidConnection", Fault::invalid},
    {"InvalidSetting", Fault::invalid},
    {"LimitsExceeded", Fault::busy},
    {"OperationInProgress", Fault::busy},
}};

std::string_view last_word(std::string_view name) {
    return name.substr(name.rfind('.') + 1);
}

}  // namespace

Fault fault_of_bus_error(std::string_view name) {
    const auto* found =
        std::find_if(faults.begin(), faults.end(), [&](const auto& known) { return known.first == last_word(name); });
    return found != faults.end() ? found->second : Fault::io;
}

Error bus_error(const BusCall& call, std::string_view name, std::string_view message) {
    const Fault fault = fault_of_bus_error(name);
    std::string what;
    if (last_word(name) == "ServiceUnknown" || last_word(name) == "NameHasNoOwner") {
        what = call.service + " does not run here and can't be started: install and enable it.";
    } else if (fault == Fault::timeout) {
        what = call.service + " did not answer " + call.member + " in time.";
    } else {
        what = call.service + " refused " + call.member + ": " + std::string(message);
        if (!what.ends_with('.')) what += '.';
    }
    return {fault, std::move(what), std::string(name) + (name.empty() ? "" : ": ") + std::string(message)};
}

Result<BusValue> get_property(Bus& bus, const BusObject& object, std::string_view name) {
    auto answer = bus.call({object.service,
                            object.path,
                            std::string(properties_interface),
                            "Get",
                            {BusValue::text(object.interface), BusValue::text(std::string(name))}});
    if (!answer) return std::move(answer).error();
    const auto* held = answer->size() == 1 ? std::get_if<BusValues>(&answer->front().held()) : nullptr;
    if (held == nullptr || answer->front().type() != "v" || held->size() != 1) {
        return Error{Fault::io, object.service + " answered no value for " + std::string(name) + ".", ""};
    }
    return held->front();
}

Outcome set_property(Bus& bus, const BusObject& object, std::string_view name, BusValue value) {
    auto answer = bus.call(
        {object.service,
         object.path,
         std::string(properties_interface),
         "Set",
         {BusValue::text(object.interface), BusValue::text(std::string(name)), BusValue::variant(std::move(value))}});
    if (!answer) return std::move(answer).error();
    return {};
}

Result<BusValues> AbsentBus::call(const BusCall& call) {
    return Error{Fault::unsupported, call.service + " can't be reached: this device is a private root without a bus.",
                 ""};
}

}  // namespace steward::platform
