#include "agent/session/inbox.h"

#include <algorithm>
#include <utility>

#include "agent/syncml/read.h"
#include "platform/base/text.h"

namespace steward::session {

using syncml::Command;
using syncml::Name;

namespace {

bool is_answer(const Command& command) {
    return command.name == Name::status || command.name == Name::results;
}

std::optional<Error> http_error(int status, std::string_view content_type) {
    const std::string number = std::to_string(status);
    if (status >= 200 && status < 300) return std::nullopt;
    const auto error = [&](Fault fault, std::string sentence) {
        return Error{fault, std::move(sentence), "HTTP " + number + ' ' + std::string(content_type)};
    };
    if (status >= 300 && status < 400) {
        return error(Fault::refused,
                     "The server redirects the session elsewhere (HTTP " + number + "), which is not followed.");
    }
    if (status == 401 || status == 403) {
        return error(Fault::denied,
                     "The server does not accept the certificate or token of this device (HTTP " + number + ").");
    }
    if (status == 429 || status == 503) {
        return error(Fault::busy, "The server is too busy and asks to come back later (HTTP " + number + ").");
    }
    if (status >= 400 && status < 500) {
        return error(Fault::refused, "The server refuses the request (HTTP " + number + ").");
    }
    if (status >= 500) return error(Fault::io, "The server failed to handle the request (HTTP " + number + ").");
    return error(Fault::malformed, "The server sent an HTTP status that ends no request (" + number + ").");
}

std::string media_type(std::string_view content_type) {
    return lower(trim(content_type.substr(0, content_type.find(';'))));
}

Error wrong_media(std::string_view content_type) {
    const std::string type = media_type(content_type);
    std::string sentence;
    if (type == "application/soap+xml") {
        sentence = "The server answered with a SOAP envelope instead of a SyncML message: it reports a fault.";
    } else if (type == "text/html") {
        sentence = "The server answered with an HTML page instead of a SyncML message: is this a management URL?";
    } else if (type.empty()) {
        sentence = "The server answered without saying what kind of body it sends.";
    } else {
        sentence = "The server answered with " + type + " instead of a SyncML message.";
    }
    return {Fault::malformed, std::move(sentence), "Content-Type: " + std::string(content_type)};
}

}  // namespace

Opened open_answer(const Incoming& answer, const Settings& settings) {
    Opened opened;
    const auto stop = [&](Event event, Error error) {
        opened.event = event;
        opened.error = std::move(error);
        return std::move(opened);
    };
    if (auto error = http_error(answer.http_status, answer.content_type)) return stop(Event::broken, std::move(*error));
    if (answer.body.empty()) return stop(Event::ended, {});
    const auto encoding = syncml::encoding_of(answer.content_type);
    if (!encoding) return stop(Event::broken, wrong_media(answer.content_type));
    if (answer.body.size() > settings.max_message_size) {
        return stop(Event::garbled,
                    {Fault::too_large,
                     "The server's message has " + std::to_string(answer.body.size()) + " bytes; at most " +
                         std::to_string(settings.max_message_size) + " are accepted.",
                     {}});
    }
    opened.encoding = *encoding;
    syncml::Limits limits;
    limits.bytes = settings.max_message_size;
    limits.data = std::max(limits.data, settings.max_object_size);
    auto message = syncml::read(*encoding, answer.body, limits);
    if (!message) {
        Error error = std::move(message).error();
        error.what = "The server's message cannot be read: " + error.what;
        return stop(Event::garbled, std::move(error));
    }
    opened.replies = std::make_unique<Replies>(std::move(*message));
    return opened;
}

// What is missing is not missed: samples and servers in use leave the versions out.
Status check_header(const syncml::Header& header, const std::string& session_id) {
    const auto one_of = [](const std::string& text, std::string_view a, std::string_view b) {
        return text.empty() || text == a || text == b;
    };
    if (!one_of(header.ver_dtd, "1.2", "1.1")) return Status::dtd_version;
    if (!one_of(header.ver_proto, "DM/1.2", "DM/1.1")) return Status::protocol_version;
    if (!header.session_id.empty() && header.session_id != session_id) return Status::malformed;
    return Status::done;
}

const Command* header_status(const syncml::Message& message) {
    for (const Command& command : message.commands) {
        if (command.name != Name::status) continue;
        if (command.get().cmd_ref == "0" || command.get().cmd == "SyncHdr") return &command;
    }
    return nullptr;
}

bool results_refused(const syncml::Message& message) {
    return std::any_of(message.commands.begin(), message.commands.end(), [](const Command& command) {
        if (command.name != Name::status || command.get().cmd != syncml::name_of(Name::results)) return false;
        const Status code = status_from(command.data);
        return code != Status::chunk_stored && !succeeded(code);
    });
}

bool has_alert(const syncml::Message& message, AlertCode code) {
    return std::any_of(message.commands.begin(), message.commands.end(), [&](const Command& command) {
        return command.name == Name::alert && alert_code(command) == code;
    });
}

bool has_commands(const syncml::Message& message) {
    return !std::all_of(message.commands.begin(), message.commands.end(), is_answer);
}

bool only_asks_for_more(const syncml::Message& message) {
    return std::all_of(message.commands.begin(), message.commands.end(), [](const Command& command) {
        if (is_answer(command)) return true;
        const AlertCode code = command.name == Name::alert ? alert_code(command) : AlertCode::none;
        return code == AlertCode::next_message || code == AlertCode::no_end_of_data;
    });
}

}  // namespace steward::session
