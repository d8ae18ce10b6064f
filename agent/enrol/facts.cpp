#include "agent/enrol/facts.h"

#include <algorithm>

#include "platform/base/text.h"

namespace steward::enrol {
namespace {

constexpr std::size_t most_adapters = 32;

std::string mac_text(std::string_view address) {
    std::string text = upper(address);
    std::replace(text.begin(), text.end(), ':', '-');
    return text;
}

}  // namespace

std::string four_numbers(std::string_view version) {
    std::string text;
    int parts = 0;
    for (const auto part : split(version, '.')) {
        const auto digits = part.substr(0, part.find_first_not_of("0123456789"));
        if (digits.empty() || digits.size() > 9 || parts == 4) break;
        text += (parts++ == 0 ? "" : ".") + std::string(digits);
        if (digits.size() != part.size()) break;
    }
    for (; parts < 4; ++parts) text += parts == 0 ? "0" : ".0";
    return text;
}

Result<DeviceFacts> device_facts(platform::Host& host) {
    const auto identity = host.identity.read();
    if (!identity) return identity.error();
    DeviceFacts facts;
    if (!identity->device_id || identity->device_id->empty()) {
        return Error{Fault::not_found, "This device has no id of its own yet: open its state as root once.", {}};
    }
    facts.device_id = *identity->device_id;
    facts.hardware_id = identity->hardware_id.value_or(std::string(64, '0'));
    facts.name = identity->host_name.value_or("linux");
    facts.locale = identity->language.value_or("en-US");
    facts.os_version = four_numbers(identity->os_version.value_or(""));
    facts.application_version = four_numbers(STEWARD_VERSION);
    if (const auto names = host.adapters.names()) {
        for (const auto& name : *names) {
            if (facts.macs.size() < most_adapters) facts.macs.push_back(mac_text(name));
        }
    }
    const auto logins = host.logins.read();
    facts.somebody_signed_in = logins && !logins->users.empty();
    return facts;
}

}  // namespace steward::enrol
