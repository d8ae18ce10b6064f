#include "tests/server/remote.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <ostream>
#include <sstream>

#include "platform/base/bytes.h"
#include "platform/base/result.h"
#include "platform/base/text.h"
#include "tests/server/server.h"
#include "tests/server/stream.h"

namespace steward::server {
namespace {

using nlohmann::json;

struct Given {
    std::vector<std::string> words;  // without options
    std::string admin, channel, package0;
    bool json = false, help = false;
};

constexpr char usage[] =
    "  steward-testserver devices --admin SOCKET [--json]\n"
    "  steward-testserver queue add DEVICE FILE.xml --admin SOCKET\n"
    "  steward-testserver queue list [DEVICE] --admin SOCKET [--json]\n"
    "  steward-testserver queue show NUMBER --admin SOCKET [--json]\n"
    "  steward-testserver queue wake DEVICE --admin SOCKET [--channel URL] [--package0 HOST:PORT]\n";

Error wrong(const std::string& what) {
    return {Fault::invalid, what, {}};
}

Result<Given> given_in(const std::vector<std::string>& words) {
    Given made;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto& word = words[i];
        if (!word.starts_with('-')) {
            made.words.push_back(word);
            continue;
        }
        if (word == "--json" || word == "--help" || word == "-h") {
            (word == "--json" ? made.json : made.help) = true;
            continue;
        }
        std::string* value = word == "--admin"      ? &made.admin
                             : word == "--channel"  ? &made.channel
                             : word == "--package0" ? &made.package0
                                                    : nullptr;
        if (value == nullptr) return wrong("There is no option " + word + '.');
        if (++i == words.size()) return wrong("The option " + word + " wants a value.");
        *value = words[i];
    }
    return made;
}

std::string encoded(std::string_view text) {
    std::string made;
    for (const char c : text) {
        const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
        made += plain ? std::string(1, c) : '%' + to_hex({&c, 1});
    }
    return made;
}

Error no_server(const std::string& path, const std::string& evidence) {
    return {Fault::io, "There is no server at " + path + "; start one with --admin " + path + '.', evidence};
}

// The body of the answer; Fault::refused: what the server says against it.
Result<json> ask(const std::string& path, const std::string& method, const std::string& target,
                 const std::string& body = {}) {
    sockaddr_un where{};
    where.sun_family = AF_UNIX;
    if (path.size() >= sizeof where.sun_path) return wrong("The path after --admin is too long for a socket.");
    path.copy(where.sun_path, path.size());
    const Socket socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (connect(socket.get(), reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0) {
        return no_server(path, std::strerror(errno));
    }
    const auto stream = plain_stream(socket.get(), std::chrono::seconds(60));
    auto written =
        stream->write(method + ' ' + target + " HTTP/1.1\r\nHost: admin\r\nConnection: close\r\nContent-Length: " +
                      std::to_string(body.size()) + "\r\n\r\n" + body);
    if (!written) return no_server(path, written.error().evidence);
    std::string all;
    for (std::string piece(64u << 10, '\0');;) {
        auto got = stream->read(piece.data(), piece.size());
        if (!got) return no_server(path, got.error().evidence);
        if (*got == 0) break;
        all.append(piece, 0, *got);
    }
    const auto end = all.find("\r\n\r\n");
    auto answer = json::parse(end == std::string::npos ? "" : all.substr(end + 4), nullptr, false);
    if (answer.is_discarded())
        return Error{Fault::malformed, "What answers at " + path + " is no steward-testserver.", {}};
    if (answer.contains("error")) return Error{Fault::refused, answer["error"].get<std::string>(), {}};
    return answer;
}

std::string text(const json& value) {
    if (value.is_null()) return "-";
    if (!value.is_string()) return value.dump();
    return value.get<std::string>().empty() ? "-" : value.get<std::string>();
}

// Columns as wide as what stands in them.
void print_table(std::ostream& out, const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths(rows.front().size(), 0);
    for (const auto& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    }
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            line += row[i];
            if (i + 1 < row.size()) line += std::string(widths[i] - row[i].size() + 2, ' ');
        }
        out << line << '\n';
    }
}

void print_devices(std::ostream& out, const json& answer) {
    std::vector<std::vector<std::string>> rows{
        {"DEVICE", "NAME", "PROVIDER", "CERTIFICATE UNTIL", "LAST SESSION", "STATE"}};
    for (const auto& device : answer["devices"]) {
        const bool left = !device["unenrolled"].is_null();
        rows.push_back({text(device["device"]), text(device["name"]), text(device["provider"]),
                        text(device["certificate_until"]), text(device["last_session"]),
                        left ? "left " + text(device["unenrolled"]) : "enrolled"});
    }
    print_table(out, rows);
}

void print_orders(std::ostream& out, const json& answer) {
    std::vector<std::vector<std::string>> rows{{"ORDER", "DEVICE", "STATE", "COMMANDS"}};
    for (const auto& order : answer["orders"]) {
        std::vector<std::string> commands;
        for (const auto& each : order["commands"]) {
            const auto status = text(each["status"]);
            commands.push_back(text(each["command"]) + (status == "-" ? "" : ' ' + status));
        }
        rows.push_back({text(order["order"]), text(order["device"]), text(order["state"]), join(commands, ", ")});
    }
    print_table(out, rows);
}

void print_order(std::ostream& out, const json& order) {
    out << "order " << text(order["order"]) << " for " << text(order["device"]) << ": " << text(order["state"])
        << ", added " << text(order["added"]) << ", sent " << text(order["sent"]) << '\n';
    for (const auto& each : order["commands"]) {
        const std::string indent(2 * (each["depth"].get<std::size_t>() + 1), ' ');
        out << indent << text(each["command"]);
        for (const auto& status : each["statuses"]) {
            out << ' ' << text(status["code"]);
            if (status.contains("target")) out << " (" << text(status["target"]) << ')';
        }
        out << '\n';
        for (const auto& result : each["results"]) {
            out << indent << "  " << text(result["uri"]) << " = " << text(result["data"]) << '\n';
        }
    }
}

void print_wake(std::ostream& out, const json& answer) {
    if (answer.contains("channel")) out << "the push channel answered HTTP " << text(answer["channel"]) << '\n';
    if (answer.contains("package0")) {
        out << "package 0 for session " << text(answer["session"]) << " went to " << text(answer["package0"]) << '\n';
    }
}

Outcome carry_out(const Given& given, std::ostream& out) {
    const auto& words = given.words;
    const auto verb = words[0] == "queue" && words.size() > 1 ? words[1] : words[0];
    const auto show = [&](const Result<json>& answer, void (*print)(std::ostream&, const json&)) -> Outcome {
        if (!answer) return answer.error();
        if (given.json) {
            out << answer->dump(2) << '\n';
        } else {
            print(out, *answer);
        }
        return {};
    };
    if (words[0] == "devices" && words.size() == 1) return show(ask(given.admin, "GET", "/devices"), print_devices);
    if (words[0] == "devices") return wrong("devices stands alone.");
    if (verb == "add" && words.size() == 4) {
        std::ifstream file(words[3], std::ios::binary);
        std::ostringstream xml;
        xml << file.rdbuf();
        if (!file) return Error{Fault::not_found, "The file " + words[3] + " cannot be read.", {}};
        return show(ask(given.admin, "POST", "/queue?device=" + encoded(words[2]), xml.str()),
                    [](std::ostream& to, const json& answer) { to << "order " << text(answer["order"]) << '\n'; });
    }
    if (verb == "list" && words.size() <= 3) {
        const std::string whose = words.size() == 3 ? "?device=" + encoded(words[2]) : "";
        return show(ask(given.admin, "GET", "/queue" + whose), print_orders);
    }
    if (verb == "show" && words.size() == 3) {
        return show(ask(given.admin, "GET", "/queue/" + encoded(words[2])), print_order);
    }
    if (verb == "wake" && words.size() == 3) {
        std::string query = "?device=" + encoded(words[2]);
        if (!given.channel.empty()) query += "&channel=" + encoded(given.channel);
        if (!given.package0.empty()) query += "&package0=" + encoded(given.package0);
        return show(ask(given.admin, "POST", "/wake" + query), print_wake);
    }
    return wrong("The words after queue are not add DEVICE FILE, list [DEVICE], show NUMBER or wake DEVICE.");
}

}  // namespace

std::string verbs_help() {
    return std::string("With a server that was started with --admin SOCKET:\n") + usage;
}

std::optional<int> run_verb(const std::vector<std::string>& words, std::ostream& out, std::ostream& errors) {
    if (words.empty() || (words[0] != "devices" && words[0] != "queue")) return std::nullopt;
    const auto refuse = [&](const Error& error) {
        errors << "steward-testserver: " << error.what;
        if (!error.evidence.empty()) errors << " (" << error.evidence << ')';
        errors << std::endl;
    };
    const auto given = given_in(words);
    if (given && given->help) {
        out << verbs_help();
        return exit_passed;
    }
    auto done = !given                 ? Outcome(given.error())
                : given->admin.empty() ? Outcome(wrong("Say with --admin at which socket the server listens."))
                                       : carry_out(*given, out);
    if (done) return exit_passed;
    refuse(done.error());
    if (done.error().fault == Fault::invalid) errors << usage;
    if (done.error().fault == Fault::invalid) return exit_usage;
    return done.error().fault == Fault::io ? exit_cannot_start : exit_failed;
}

}  // namespace steward::server
