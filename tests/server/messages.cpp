#include "tests/server/messages.h"

#include "agent/session/credentials.h"
#include "tests/server/xml.h"

namespace steward::server {
namespace {

using syncml::Name;

std::string in_uri(const std::string& name) {
    std::string made;
    for (const char c : name) made += c == ' ' ? "%20" : std::string(1, c);
    return escaped(made);
}

}  // namespace

const syncml::Command* header_status_of(const syncml::Message& message) {
    for (const auto& command : message.commands) {
        if (command.name == Name::status && command.get().cmd_ref == "0") return &command;
    }
    return nullptr;
}

std::optional<std::string> next_nonce_of(const syncml::Command& status) {
    const auto& chal = status.get().chal;
    if (!chal || chal->get().next_nonce.empty()) return std::nullopt;
    return session::nonce_from_wire(chal->get().next_nonce);
}

bool takes_leave(const syncml::Message& message) {
    for (const auto& command : message.commands) {
        if (command.name != Name::alert || command.data != "1226") continue;
        for (const auto& item : command.items) {
            if (item.meta.type == "com.microsoft:mdm.unenrollment.userrequest") return true;
        }
    }
    return false;
}

std::optional<std::string> push_channel_in(const syncml::Message& message) {
    for (const auto& command : message.commands) {
        if (command.name != Name::results) continue;
        for (const auto& item : command.items) {
            if (item.source.ends_with("/Push/ChannelURI") && item.data && !item.data->empty()) return *item.data;
        }
    }
    return std::nullopt;
}

std::string push_commands(const Device& device, const std::string& push_name) {
    const std::string push = "./Device/Vendor/MSFT/DMClient/Provider/" + in_uri(device.provider) + "/Push";
    const auto target = [](const std::string& uri) { return "<Target><LocURI>" + uri + "</LocURI></Target>"; };
    const auto format = [](const std::string& name) {
        return "<Meta><Format xmlns=\"syncml:metinf\">" + name + "</Format></Meta>";
    };
    std::string made;
    if (device.channel.empty()) {
        made = "<Add><Item>" + target(push) + format("node") + "</Item></Add><Add><Item>" + target(push + "/PFN") +
               format("chr") + "<Data>" + escaped(push_name) + "</Data></Item></Add>";
    }
    return made + "<Get><Item>" + target(push + "/ChannelURI") + "</Item></Get>";
}

}  // namespace steward::server
