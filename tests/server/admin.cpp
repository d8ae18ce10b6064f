#include "tests/server/admin.h"

#include <unistd.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "platform/base/text.h"
#include "tests/server/federation.h"
#include "tests/server/stream.h"
#include "tests/server/wake.h"
#include "tests/support/describe.h"

namespace steward::server {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t most_connections = 4;
constexpr std::chrono::seconds patience{10};

Response json(int status, const ordered_json& value) {
    // What a device sent may be no UTF-8; it must not cost us the answer.
    return {status, "application/json",
            {},     value.dump(2, ' ', false, ordered_json::error_handler_t::replace) + '\n',
            {},     0};
}

Response problem(int status, const std::string& sentence, const std::string& evidence = {}) {
    return json(status, {{"error", evidence.empty() ? sentence : sentence + " (" + evidence + ')'}});
}

ordered_json time(const std::optional<Instant>& at) {
    return at ? ordered_json(iso_extended(at->time_since_epoch().count())) : ordered_json();
}

ordered_json summary(const Order& order) {
    auto commands = ordered_json::array();
    for (const auto& reply : order.replies) {
        if (reply.depth > 0) continue;
        std::vector<std::string> codes;
        for (const auto& status : reply.statuses) codes.push_back(status.code);
        commands.push_back({{"command", reply.what}, {"status", join(codes, " ")}});
    }
    return {
        {"order", order.number},      {"device", order.device},         {"state", std::string(name_of(order.state))},
        {"added", time(order.added)}, {"sent", time(order.sent)},       {"done", time(order.done)},
        {"tries", order.tries},       {"commands", std::move(commands)}};
}

ordered_json details(const Order& order) {
    auto made = summary(order);
    auto commands = ordered_json::array();
    for (const auto& reply : order.replies) {
        auto statuses = ordered_json::array();
        for (const auto& status : reply.statuses) {
            ordered_json each{{"code", status.code}};
            if (!status.target.empty()) each["target"] = status.target;
            statuses.push_back(std::move(each));
        }
        auto results = ordered_json::array();
        for (const auto& result : reply.results) {
            const bool secret = transcript::names_a_secret(result.uri);
            results.push_back({{"uri", result.uri}, {"data", secret ? std::string("…") : result.data}});
        }
        commands.push_back({{"id", reply.id},
                            {"command", reply.what},
                            {"depth", reply.depth},
                            {"statuses", std::move(statuses)},
                            {"results", std::move(results)}});
    }
    made["commands"] = std::move(commands);
    return made;
}

void converse(Stream& stream, Admin& admin) {
    RequestReader reader(stream, {});
    for (;;) {
        auto request = reader.next();
        if (!request || !*request) return;
        const bool stays = (*request)->keep_alive();
        if (!write(stream, admin.answer(**request), stays) || !stays) return;
    }
}

}  // namespace

Response Admin::devices() const {
    auto list = ordered_json::array();
    for (const auto& device : registry_.list()) {
        list.push_back({{"device", device.id},
                        {"name", device.name},
                        {"provider", device.provider},
                        {"user", device.user},
                        {"kind", device.kind},
                        {"os", device.os},
                        {"certificate", device.certificate.thumbprint},
                        {"certificate_until", time(device.certificate.not_after)},
                        {"enrolled", time(device.enrolled)},
                        {"last_session", time(device.last_session)},
                        {"sessions", device.sessions},
                        {"renewals", device.renewals},
                        {"channel", device.channel},
                        {"unenrolled", time(device.unenrolled)}});
    }
    return json(200, {{"devices", std::move(list)}});
}

Response Admin::orders(const std::string& device) const {
    auto list = ordered_json::array();
    const auto whose = device.empty() ? std::nullopt : std::optional(device);
    for (const auto& each : queue_.list(whose)) list.push_back(summary(each));
    return json(200, {{"orders", std::move(list)}});
}

Response Admin::order(const std::string& number) const {
    const auto value = to_integer(number);
    const auto found = value && *value > 0 ? queue_.find(static_cast<std::size_t>(*value)) : std::nullopt;
    if (!found) return problem(404, "There is no order " + number + '.');
    return json(200, details(*found));
}

Response Admin::add(const std::string& device, const std::string& xml) {
    if (device.empty()) return problem(400, "The order is for no device.");
    if (const auto known = registry_.find(device); known && known->unenrolled) {
        return problem(409, "The device " + device + " has left.");
    }
    auto number = queue_.add(device, xml);
    if (!number) return problem(400, number.error().what, number.error().evidence);
    return json(200, {{"order", *number}});
}

Response Admin::wake(const std::string& id, const std::string& channel, const std::string& package0) {
    const auto device = registry_.find(id);
    if (!device || device->unenrolled) return problem(404, "The device " + id + " is not enrolled here.");
    ordered_json made;
    const auto& url = channel.empty() ? device->channel : channel;
    if (!url.empty()) {
        const auto status = push_to(url, push_ca_);
        if (!status) return problem(502, status.error().what, status.error().evidence);
        made["channel"] = *status;
    }
    if (!package0.empty()) {
        std::uint16_t session = ++notifications_;
        if (session == 0) session = ++notifications_;  // 1..FFFF
        if (auto sent = send_package0(*device, package0, session); !sent) {
            return problem(502, sent.error().what, sent.error().evidence);
        }
        made["package0"] = package0;
        made["session"] = session;
    }
    if (made.empty()) {
        return problem(409,
                       "The device " + id + " has told no push channel yet; name one, or an address for package 0.");
    }
    return json(200, made);
}

Response Admin::answer(const Request& request) {
    const auto question = request.target.find('?');
    const auto path = request.target.substr(0, question);
    auto fields =
        form_fields(question == std::string::npos ? "" : std::string_view(request.target).substr(question + 1));
    const bool get = request.method == "GET";
    if (!get && request.method != "POST") return problem(405, "Ask with GET or POST.");
    if (get && path == "/devices") return devices();
    if (get && path == "/queue") return orders(fields["device"]);
    if (get && path.starts_with("/queue/")) return order(path.substr(7));
    if (!get && path == "/queue") return add(fields["device"], request.body);
    if (!get && path == "/wake") return wake(fields["device"], fields["channel"], fields["package0"]);
    return problem(404, "There is no " + request.method + ' ' + path + '.');
}

AdminSocket::AdminSocket(std::string path, Listener listener, Admin& admin)
    : path_(std::move(path)), listener_(std::move(listener)), thread_([this, &admin] {
          listener_.run([&admin](int socket) { converse(*plain_stream(socket, patience), admin); },
                        [this] { return !stop_; });
      }) {}

AdminSocket::~AdminSocket() {
    stop_ = true;
    thread_.join();
    ::unlink(path_.c_str());
}

Result<std::unique_ptr<AdminSocket>> AdminSocket::open(const std::string& path, Admin& admin) {
    auto listener = Listener::open_local(path, most_connections);
    if (!listener) return listener.error();
    return std::unique_ptr<AdminSocket>(new AdminSocket(path, std::move(*listener), admin));
}

}  // namespace steward::server
