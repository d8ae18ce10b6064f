#include "tests/session/dialogue.h"

#include <gtest/gtest.h>

#include "agent/syncml/read.h"
#include "agent/syncml/write.h"

namespace steward::session {

using syncml::Command;
using syncml::Name;

namespace {

constexpr char xml_type[] = "application/vnd.syncml.dm+xml";

// What holds for every message of ours, whatever it is about.
void check_rules(const syncml::Message& message, std::size_t number) {
    EXPECT_EQ(message.header.msg_id, std::to_string(number));
    EXPECT_EQ(message.header.ver_dtd, "1.2");
    EXPECT_EQ(message.header.ver_proto, "DM/1.2");
    ASSERT_FALSE(message.commands.empty());
    // Package 1 leaves 1 to the Status of a challenge.
    const bool package_one = message.commands.front().name == Name::alert && message.commands.size() > 1;
    std::size_t id = package_one ? 2 : 1;
    bool results = false;
    for (const Command& command : message.commands) {
        EXPECT_EQ(command.cmd_id, std::to_string(id++));
        if (command.name == Name::status) {
            EXPECT_FALSE(results) << "a Status after a Results";
        }
        results = results || command.name == Name::results;
    }
    if (number > 1 && message.commands.front().name == Name::status) {
        EXPECT_EQ(message.commands.front().get().cmd_ref, "0") << "the Status for the header comes first";
    }
}

}  // namespace

Dialogue::Dialogue() {
    settings.server_id = "Test";
    settings.server_url = "https://mdm.example/dm?tenant=1";
    settings.session_id = "7";
    settings.device = {"device-1", "ACME", "Box 9", "1.3", "en-US"};
    settings.make_nonce = [count = 0]() mutable { return "fresh nonce " + std::to_string(++count); };
}

void Dialogue::open() {
    session_.emplace(settings, model, nonces);
    take(session_->open());
}

std::string Dialogue::message(const std::string& commands, const Shape& shape) const {
    std::string text = "<SyncML xmlns=\"SYNCML:SYNCML1.2\"><SyncHdr><VerDTD>" + shape.ver_dtd + "</VerDTD><VerProto>" +
                       shape.ver_proto + "</VerProto><SessionID>" + shape.session_id + "</SessionID><MsgID>" +
                       std::to_string(server_messages + 1) +
                       "</MsgID><Target><LocURI>device-1</LocURI></Target>"
                       "<Source><LocURI>https://mdm.example/dm</LocURI></Source>" +
                       shape.header + "</SyncHdr><SyncBody" + shape.body_attributes + ">";
    if (!shape.header_status.empty()) {
        text += "<Status><CmdID>1</CmdID><MsgRef>" + sent.header.msg_id +
                "</MsgRef><CmdRef>0</CmdRef><Cmd>SyncHdr</Cmd>" + shape.chal + "<Data>" + shape.header_status +
                "</Data></Status>";
    }
    return text + commands + (shape.final ? "<Final/>" : "") + "</SyncBody></SyncML>";
}

void Dialogue::say(const std::string& commands, const Shape& shape) {
    const std::string text = message(commands, shape);
    ++server_messages;
    Incoming incoming;
    incoming.content_type = xml_type;
    incoming.body = text;
    incoming.hmac = shape.hmac;
    receive(incoming);
}

void Dialogue::receive(const Incoming& answer) {
    take(session_->receive(answer));
}

void Dialogue::take(Step next) {
    step = std::move(next);
    sent = {};
    body.clear();
    if (!step.send) return;
    body = step.send->body;
    const auto encoding = syncml::encoding_of(step.send->content_type);
    ASSERT_TRUE(encoding) << step.send->content_type;
    auto read = syncml::read(*encoding, body);
    ASSERT_TRUE(read.ok()) << read.error().what << '\n' << body;
    sent = std::move(*read);
    check_rules(sent, session_->counters().messages);
}

std::vector<std::string> lines(const syncml::Message& message) {
    std::vector<std::string> all;
    for (const Command& command : message.commands) {
        std::string line = syncml::name_of(command.name);
        const auto& rare = command.get();
        if (command.name == Name::status || command.name == Name::results) line += ' ' + rare.cmd_ref;
        if (command.name == Name::status) line += ' ' + rare.cmd;
        for (const auto& uri : rare.target_refs) line += ' ' + uri;
        if (!command.data.empty()) line += ' ' + command.data;
        for (const auto& item : command.items) {
            const std::string& uri = item.target.empty() ? item.source : item.target;
            if (!uri.empty()) line += ' ' + uri;
            if (item.data) line += '=' + *item.data;
            if (item.more_data) line += "...";
        }
        all.push_back(std::move(line));
    }
    return all;
}

std::string command(const std::string& name, const std::string& id, const std::string& content) {
    return "<" + name + (id.empty() ? ">" : "><CmdID>" + id + "</CmdID>") + content + "</" + name + ">";
}

std::string item(const std::string& uri) {
    return "<Item><Target><LocURI>" + uri + "</LocURI></Target></Item>";
}

std::string item(const std::string& uri, const std::string& data, const std::string& format) {
    const std::string meta =
        format.empty() ? "" : "<Meta><Format xmlns=\"syncml:metinf\">" + format + "</Format></Meta>";
    return "<Item><Target><LocURI>" + uri + "</LocURI></Target>" + meta + "<Data>" + data + "</Data></Item>";
}

std::string get(const std::string& id, const std::string& uri) {
    return command("Get", id, item(uri));
}

std::string add(const std::string& id, const std::string& uri, const std::string& data) {
    return command("Add", id, item(uri, data));
}

std::string replace(const std::string& id, const std::string& uri, const std::string& data) {
    return command("Replace", id, item(uri, data));
}

std::string erase(const std::string& id, const std::string& uri) {
    return command("Delete", id, item(uri));
}

std::string alert(const std::string& id, const std::string& code, const std::string& items) {
    return command("Alert", id, "<Data>" + code + "</Data>" + items);
}

std::string piece(const std::string& name, const std::string& id, const std::string& uri, const std::string& size,
                  const std::string& data, bool more) {
    const std::string meta = size.empty() ? "" : "<Meta><Size xmlns=\"syncml:metinf\">" + size + "</Size></Meta>";
    return command(name, id,
                   "<Item><Target><LocURI>" + uri + "</LocURI></Target>" + meta + "<Data>" + data + "</Data>" +
                       (more ? "<MoreData/>" : "") + "</Item>");
}

std::string chal(const std::string& type, const std::string& nonce) {
    return "<Chal><Meta><Format xmlns=\"syncml:metinf\">b64</Format><Type xmlns=\"syncml:metinf\">" + type +
           "</Type><NextNonce xmlns=\"syncml:metinf\">" + nonce + "</NextNonce></Meta></Chal>";
}

}  // namespace steward::session
