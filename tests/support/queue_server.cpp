#include "tests/support/queue_server.h"

#include <algorithm>
#include <chrono>

#include "agent/syncml/read.h"

namespace steward::test {
namespace {

std::string status_xml(const std::string& msg, const std::string& cmd_ref, const std::string& cmd, std::size_t id) {
    return "<Status><CmdID>s" + std::to_string(id) + "</CmdID><MsgRef>" + msg + "</MsgRef><CmdRef>" + cmd_ref +
           "</CmdRef><Cmd>" + cmd + "</Cmd><Data>200</Data></Status>";
}

}  // namespace

std::string QueueServer::queue(const std::string& command) {
    const std::lock_guard lock(mutex_);
    const std::string id = "q" + std::to_string(++next_);
    std::string xml = command;
    xml.replace(xml.find("%ID%"), 4, id);
    waiting_.emplace_back(id, xml);
    return id;
}

std::string QueueServer::queue_replace(const std::string& uri, const std::string& data) {
    return queue("<Replace><CmdID>%ID%</CmdID><Item><Target><LocURI>" + uri + "</LocURI></Target><Data>" + data +
                 "</Data></Item></Replace>");
}

std::string QueueServer::queue_exec(const std::string& uri, const std::string& data) {
    return queue("<Exec><CmdID>%ID%</CmdID><Item><Target><LocURI>" + uri + "</LocURI></Target><Data>" + data +
                 "</Data></Item></Exec>");
}

Result<transport::Reply> QueueServer::post(const transport::Request& request) {
    asked();
    const std::lock_guard lock(mutex_);
    const Cut fate = cut();
    if (fate == Cut::request) return Error{Fault::io, "The connection broke off before the request.", {}};
    for (const auto& header : request.headers) headers_.push_back(header);
    auto body = answer(request.body);
    changed_.notify_all();
    if (!body) return body.error();
    if (fate == Cut::answer) return Error{Fault::io, "The connection broke off before the answer.", {}};
    transport::Reply reply;
    reply.status = 200;
    reply.content_type = "application/vnd.syncml.dm+xml";
    reply.body = *body;
    return reply;
}

Result<std::string> QueueServer::answer(const std::string& body) {
    auto message = syncml::read_xml(body);
    if (!message) return message.error();
    const std::string msg = message->header.msg_id;
    if (msg == "1" && !answered_.contains(message->header.session_id + "/1")) {
        ++sessions_;
        answered_.clear();
        sent_.clear();
    }
    const std::string key = message->header.session_id + "/" + msg;
    if (const auto known = answered_.find(key); known != answered_.end()) return known->second;

    std::size_t id = 1;
    std::string commands = status_xml(msg, "0", "SyncHdr", id++);
    for (const auto& command : message->commands) {
        if (command.name == syncml::Name::alert) {
            const auto& item = command.items.empty() ? syncml::Item{} : command.items.front();
            alerts_.push_back(command.data + " " + item.meta.type + " " + item.data.value_or(""));
            if (answers_alerts) commands += status_xml(msg, command.cmd_id, "Alert", id++);
        }
        if (command.name != syncml::Name::status || command.get().cmd_ref == "0") continue;
        statuses_[command.get().cmd_ref].push_back(command.data);
        std::erase_if(waiting_, [&](const auto& each) { return each.first == command.get().cmd_ref; });
    }
    std::size_t count = 0;
    for (const auto& [cmd, xml] : waiting_) {
        if (count == at_once) break;
        if (std::find(sent_.begin(), sent_.end(), cmd) != sent_.end()) continue;
        sent_.push_back(cmd);
        commands += xml;
        ++count;
    }
    return answered_[key] =
               "<SyncML xmlns=\"SYNCML:SYNCML1.2\"><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2"
               "</VerProto><SessionID>" +
               message->header.session_id + "</SessionID><MsgID>" + msg + "</MsgID><Target><LocURI>" +
               message->header.source.uri + "</LocURI></Target><Source><LocURI>" + mdm +
               "</LocURI></Source></SyncHdr><SyncBody>" + commands + "<Final/></SyncBody></SyncML>";
}

std::map<std::string, std::vector<std::string>> QueueServer::statuses() const {
    const std::lock_guard lock(mutex_);
    return statuses_;
}
std::vector<std::string> QueueServer::alerts() const {
    const std::lock_guard lock(mutex_);
    return alerts_;
}
std::vector<std::string> QueueServer::headers(const std::string& name) const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> values;
    for (const auto& [each, value] : headers_) {
        if (each == name) values.push_back(value);
    }
    return values;
}
std::size_t QueueServer::sessions() const {
    const std::lock_guard lock(mutex_);
    return sessions_;
}
bool QueueServer::wait_for_sessions(std::size_t count) const {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(20), [&] { return sessions_ >= count; });
}

}  // namespace steward::test
