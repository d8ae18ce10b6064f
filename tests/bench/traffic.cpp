#include "tests/bench/traffic.h"

#include <cstdio>

namespace steward::bench {
namespace {

std::string padded(std::size_t number, int width) {
    char text[24];
    std::snprintf(text, sizeof text, "%0*zu", width, number);
    return text;
}

syncml::Command get(std::size_t number) {
    syncml::Command command;
    command.name = syncml::Name::get;
    command.cmd_id = std::to_string(number + 2);
    command.items.emplace_back().target =
        "./Device/Vendor/MSFT/Policy/Result/Area" + padded(number % 40, 2) + "/Setting" + padded(number, 5);
    return command;
}

syncml::Command replace(std::size_t number) {
    syncml::Command command;
    command.name = syncml::Name::replace;
    command.cmd_id = std::to_string(number + 2);
    syncml::Item& item = command.items.emplace_back();
    item.target =
        "./Device/Vendor/MSFT/Policy/Config/Area" + padded(number % 40, 2) + "/SettingName" + padded(number, 5);
    item.meta = {number % 3 == 0 ? "int" : "chr", "text/plain"};
    item.data = number % 3 == 0 ? std::to_string(number % 17) : "value " + std::to_string(number);
    return command;
}

}  // namespace

syncml::Message traffic(Mix mix, std::size_t count) {
    syncml::Message message;
    message.header.ver_dtd = "1.2";
    message.header.ver_proto = "DM/1.2";
    message.header.session_id = "7";
    message.header.msg_id = "1";
    message.header.target.uri = "6F1D0C55B2E94A7C8C0E5A1122334455";
    message.header.source.uri = "https://mdm.corp.example/dm/session";
    message.final = true;
    for (std::size_t number = 0; number < count; ++number) {
        const bool reads = mix == Mix::get || (mix == Mix::mixed && number % 2 == 0);
        message.commands.push_back(reads ? get(number) : replace(number));
    }
    return message;
}

std::vector<syncml::Command> statuses(std::size_t count) {
    std::vector<syncml::Command> all(count);
    for (std::size_t number = 0; number < count; ++number) {
        syncml::Command& status = all[number];
        status.name = syncml::Name::status;
        status.cmd_id = std::to_string(number + 1);
        status.data = "200";
        status.set().msg_ref = "1";
        status.set().cmd_ref = std::to_string(number + 2);
        status.set().cmd = "Replace";
    }
    return all;
}

}  // namespace steward::bench
