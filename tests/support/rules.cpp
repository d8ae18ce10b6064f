#include "tests/support/rules.h"

#include <algorithm>
#include <array>

#include "platform/base/text.h"

namespace steward::transcript {
namespace {

constexpr std::array<std::string_view, 11> names = {"version",  "session",   "msgid",         "cmdid",
                                                    "commands", "package-1", "header-status", "references",
                                                    "order",    "answered",  "size"};

using syncml::Name;

bool alert(const syncml::Command& command, std::string_view code) {
    return command.name == Name::alert && command.data == code;
}

// Nothing but Alert 1223: the answer to a message that could not be read, whose header cannot be referred to.
bool gives_up(const syncml::Message& client) {
    return client.commands.size() == 1 && alert(client.commands.front(), "1223");
}

}  // namespace

bool is_rule(std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::string rules_listed() {
    std::string text;
    for (const auto name : names) text += (text.empty() ? "" : ", ") + std::string(name);
    return text;
}

void Rules::breach(std::string_view rule, std::string what) {
    found_.push_back({std::string(rule), std::move(what)});
}

void Rules::check_header(const syncml::Message& client) {
    const auto& header = client.header;
    if (header.ver_dtd != "1.2" || header.ver_proto != "DM/1.2") {
        breach("version",
               "The client speaks VerDTD \"" + header.ver_dtd + "\" and VerProto \"" + header.ver_proto + "\".");
    }
    if (messages_ == 1) {
        session_id_ = header.session_id;
        if (session_id_.empty()) breach("session", "The SessionID is missing.");
    } else if (header.session_id != session_id_) {
        breach("session", "The SessionID changed from " + session_id_ + " to " + header.session_id + '.');
    }
    if (header.msg_id != std::to_string(messages_)) {
        breach("msgid", "MsgID is \"" + header.msg_id + "\" where " + std::to_string(messages_) + " was due.");
    }
}

void Rules::check_first(const syncml::Message& client) {
    constexpr std::array<std::string_view, 5> needed = {"DevId", "Man", "Mod", "DmV", "Lang"};
    const bool opens = std::any_of(client.commands.begin(), client.commands.end(), [](const syncml::Command& command) {
        return alert(command, "1200") || alert(command, "1201");
    });
    if (!opens) breach("package-1", "Package 1 has no Alert 1200 or 1201.");
    for (const auto name : needed) {
        const std::string uri = "./DevInfo/" + std::string(name);
        const bool there =
            std::any_of(client.commands.begin(), client.commands.end(), [&](const syncml::Command& command) {
                return command.name == Name::replace &&
                       std::any_of(command.items.begin(), command.items.end(), [&](const syncml::Item& item) {
                           return item.source == uri && item.data && !item.data->empty();
                       });
            });
        if (!there) breach("package-1", "Package 1 does not say " + uri + '.');
    }
}

void Rules::check_ids(const syncml::Message& client) {
    std::set<std::string> seen;
    for (const auto& command : client.commands) {
        const std::string name = syncml::name_of(command.name);
        if (command.cmd_id.empty() || command.cmd_id == "0") {
            breach("cmdid", "A command " + name + " has the CmdID \"" + command.cmd_id + "\".");
        } else if (!seen.insert(command.cmd_id).second) {
            breach("cmdid", "CmdID " + command.cmd_id + " is used twice in one message.");
        }
        const bool allowed = command.name == Name::replace || command.name == Name::results ||
                             command.name == Name::alert || command.name == Name::status;
        if (!allowed) breach("commands", "A client must not send " + name + '.');
    }
}

void Rules::remember(const std::vector<syncml::Command>& commands, std::vector<Sent>& into) const {
    for (const auto& command : commands) {
        const bool needs_none = command.name == Name::status || command.name == Name::results || command.no_resp;
        Sent sent{command.cmd_id, syncml::name_of(command.name), into.size(), needs_none || command.cmd_id.empty()};
        into.push_back(std::move(sent));
        remember(command.children, into);
    }
}

void Rules::check_references(const syncml::Message& client) {
    bool aborted = false;
    std::string previous_message;
    std::size_t previous_place = 0;
    for (const auto& command : client.commands) {
        aborted = aborted || alert(command, "1223");
        if (command.name != Name::status && command.name != Name::results) continue;
        const auto& rare = command.get();
        if (rare.cmd_ref == "0" || rare.cmd_ref.empty()) continue;
        const auto message = sent_.find(rare.msg_ref.empty() ? last_msg_id_ : rare.msg_ref);
        const std::string what =
            std::string(syncml::name_of(command.name)) + " with MsgRef " + rare.msg_ref + " and CmdRef " + rare.cmd_ref;
        if (message == sent_.end()) {
            breach("references", what + " refers to a message that the server did not send.");
            continue;
        }
        auto& commands = message->second;
        const auto to =
            std::find_if(commands.begin(), commands.end(), [&](const Sent& sent) { return sent.id == rare.cmd_ref; });
        if (to == commands.end()) {
            breach("references", what + " refers to no command of that message.");
        } else if (command.name == Name::results) {
            if (!to->answered) breach("order", what + " comes before the Status of its command.");
        } else if (to->name == "Status" || (to->name == "Results" && command.data == "200")) {
            breach("references", what + " answers a " + to->name + ", which gets no Status.");
        } else {
            if (previous_message == message->first && to->place < previous_place) {
                breach("order", what + " comes after the Status of a later command.");
            }
            previous_message = message->first;
            previous_place = to->place;
            for (auto& sent : commands) sent.answered = sent.answered || sent.id == to->id;
        }
    }
    if (!client.final || aborted || last_msg_id_.empty()) return;
    for (const auto& sent : sent_[last_msg_id_]) {
        if (!sent.answered) breach("answered", "There is no Status for " + sent.name + " #" + sent.id + '.');
    }
}

std::vector<Breach> Rules::check(const syncml::Message& client, std::size_t bytes) {
    found_.clear();
    ++messages_;
    check_header(client);
    if (messages_ == 1) {
        check_first(client);
    } else if (!gives_up(client) && (client.commands.empty() || client.commands.front().name != Name::status ||
                                     client.commands.front().get().cmd_ref != "0")) {
        breach("header-status", "The message does not begin with the Status for the SyncHdr.");
    }
    check_ids(client);
    if (!blind_) check_references(client);
    if (max_message_ != 0 && bytes > max_message_) {
        breach("size", "The message has " + std::to_string(bytes) + " bytes; the server takes " +
                           std::to_string(max_message_) + '.');
    }
    return std::move(found_);
}

void Rules::sent(const syncml::Message& server) {
    blind_ = server.header.no_resp;
    last_msg_id_ = server.header.msg_id;
    auto& commands = sent_[last_msg_id_];
    commands.clear();
    remember(server.commands, commands);
    if (const auto limit = to_integer(server.header.meta.get().max_msg_size); limit && *limit > 0) {
        max_message_ = static_cast<std::size_t>(*limit);
    }
}

void Rules::sent_unknown() {
    blind_ = true;
    last_msg_id_.clear();
}

}  // namespace steward::transcript
