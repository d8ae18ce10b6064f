#include "agent/app/recording.h"

#include "agent/syncml/read.h"
#include "agent/syncml/write.h"
#include "platform/base/bytes.h"
#include "platform/base/text.h"

namespace steward::app {
namespace {

constexpr std::string_view anything = "$ANY";         // what a replay accepts where a secret was
constexpr std::string_view nothing = "cmVkYWN0ZWQ=";  // "redacted" in base64: fits wherever a nonce or proof stood

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + "\"";
}

}  // namespace

Recording::Recording(const session::Settings& settings, const tree::Mount& mount) : mount_(mount) {
    head_ = "transcript RECORDED: a session with " + settings.server_id + "\n";
    head_ += "client server-id=" + quoted(settings.server_id) + " url=" + quoted(settings.server_url) +
             " session=" + quoted(settings.session_id) + "\n";
    head_ += "client dev-id=" + quoted(settings.device.dev_id) + " man=" + quoted(settings.device.manufacturer) +
             " mod=" + quoted(settings.device.model) + " dmv=" + quoted(settings.device.dm_version) +
             " lang=" + quoted(settings.device.language) + " login=" + quoted(settings.login_status) + "\n";
    // The same way to prove oneself, with a secret that is none: the proof itself may be anything in a replay.
    if (settings.client.kind != session::Auth::none) {
        head_ += "client auth=" + std::string(session::name_of(settings.client.kind)) +
                 " user=" + quoted(settings.client.name) +
                 " secret=redacted nonce=" + (settings.client.nonce_known ? std::string(nothing) : "none") + "\n";
    }
}

bool Recording::redact(syncml::Command& command, std::string_view instead) const {
    bool changed = false;
    if (command.get().chal && !command.get().chal->get().next_nonce.empty()) {
        command.set().chal->set().next_nonce = instead;
        changed = true;
    }
    for (auto& item : command.items) {
        if (!item.data || item.data->empty()) continue;
        const auto place = mount_.find(item.target.empty() ? item.source : item.target);
        if (!place || !place->entry->node.secret) continue;
        item.data = std::string(instead);
        changed = true;
    }
    for (auto& child : command.children) changed = redact(child, instead) || changed;
    return changed;
}

std::string Recording::redacted(std::string_view body, std::string_view content_type, std::string_view instead) const {
    const auto encoding = syncml::encoding_of(content_type);
    if (!encoding) return std::string(body);
    auto message = syncml::read(*encoding, body);
    if (!message) return std::string(body);
    bool changed = false;
    if (message->header.cred) {
        message->header.cred->data = instead;
        changed = true;
    }
    for (auto& command : message->commands) changed = redact(command, instead) || changed;
    return changed ? syncml::write(*encoding, *message) : std::string(body);
}

void Recording::sent(const session::Outgoing& message) {
    ++messages_;
    if (syncml::encoding_of(message.content_type) != syncml::Encoding::xml) return;  // bytes that no text file can hold
    const std::string body = redacted(message.body, message.content_type, anything);
    if (body.find('\n') == std::string::npos) steps_ += "exactly\n  " + body + "\n";
}

void Recording::received(const transport::Reply& reply) {
    std::string line = "server";
    const std::string body = redacted(reply.body, reply.content_type, nothing);
    // A "$" could be taken for a placeholder of the transcript.
    const bool text = body.find('$') == std::string::npos && valid_utf8(body) && trim(body) == body &&
                      body.find_first_of("\r\n") == std::string::npos;
    line += body.empty() ? " empty" : text ? " raw" : " base64";
    if (reply.status != 200) line += " http=" + std::to_string(reply.status);
    if (!reply.content_type.empty()) line += " type=" + quoted(reply.content_type);
    steps_ += line + "\n";
    if (!body.empty()) steps_ += "  " + (text ? body : to_base64(body)) + "\n";
}

std::string Recording::transcript(session::End end) const {
    return head_ + steps_ + "end " + std::string(session::name_of(end)) + " messages=" + std::to_string(messages_) +
           "\n";
}

}  // namespace steward::app
