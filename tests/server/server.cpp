#include "tests/server/server.h"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <sstream>
#include <thread>

#include "tests/server/admin.h"
#include "tests/server/http.h"
#include "tests/server/listener.h"
#include "tests/server/programme.h"
#include "tests/server/queue.h"
#include "tests/server/report.h"
#include "tests/server/service.h"
#include "tests/server/site.h"
#include "tests/server/stream.h"
#include "tests/server/tls.h"
#include "tests/server/trace.h"

namespace steward::server {
namespace {

int cannot_start(std::ostream& errors, const Error& error) {
    errors << "steward-testserver: " << error.what;
    if (!error.evidence.empty()) errors << " (" << error.evidence << ')';
    errors << std::endl;
    return exit_cannot_start;
}

Outcome write_file(const std::string& path, const std::string& text, bool secret) {
    std::error_code problem;
    std::filesystem::remove(path, problem);  // a file with other rights may stand there
    std::ofstream file(path, std::ios::binary);
    if (secret) {
        using std::filesystem::perms;
        std::filesystem::permissions(path, perms::owner_read | perms::owner_write, problem);
    }
    file << text;
    file.close();
    if (!file) return Error{Fault::io, "The file " + path + " cannot be written.", path};
    return {};
}

Result<std::string> read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file) return Error{Fault::not_found, "The file " + path + " cannot be read.", path};
    return text.str();
}

Result<std::optional<Tls>> secure(const Options& options, const Authority& authority) {
    if (options.http) return std::optional<Tls>{};
    auto identity = authority.server(options.names);
    if (!identity) return identity.error();
    if (!options.ca_out.empty()) {
        if (auto written = write_file(options.ca_out, authority.certificate(), false); !written) return written.error();
    }
    if (!options.client_cert_out.empty()) {
        auto client = authority.client("steward-test-client");
        if (!client) return client.error();
        if (auto written = write_file(options.client_cert_out, client->certificate, false); !written)
            return written.error();
        if (auto written = write_file(options.client_key_out, client->key, true); !written) return written.error();
    }
    std::string client_ca;
    const auto demand = options.mutual_tls ? ClientCertificate::required : ClientCertificate::asked;
    if (options.enrolment.on) client_ca = authority.certificate();
    if (options.mutual_tls && options.client_ca.empty()) client_ca = authority.certificate();
    if (options.mutual_tls && !options.client_ca.empty()) {
        auto text = read_file(options.client_ca);
        if (!text) return text.error();
        client_ca = std::move(*text);
    }
    auto tls = Tls::make(*identity, client_ca, demand);
    if (!tls) return tls.error();
    return std::optional<Tls>(std::move(*tls));
}

// Everything that happens on one connection.
void converse(Stream& stream, Site& site, int connection) {
    const auto peer = stream.peer();
    RequestReader reader(stream, {});
    for (;;) {
        auto request = reader.next();
        if (!request) {
            const bool answerable = request.error().fault != Fault::io && request.error().fault != Fault::timeout;
            Response refused{refusal(request.error()), "text/plain", {}, request.error().what + '\n', {}, 0};
            if (answerable) (void)write(stream, refused, false);
            return;
        }
        if (!*request) return;
        auto answer = site.answer(**request, peer, connection);
        if (answer.delay.count() > 0) std::this_thread::sleep_for(answer.delay);
        const bool stays = (*request)->keep_alive() && !answer.response.cut && answer.response.length_error == 0;
        if (!write(stream, answer.response, stays) || !stays) return;
    }
}

}  // namespace

int serve(const Options& options, std::ostream& out, std::ostream& errors, const std::atomic<bool>& stop,
          std::atomic<int>& wake) {
    auto programme = programme_of(options);
    if (!programme) return cannot_start(errors, programme.error());
    auto authority = Authority::make("steward-testserver CA");
    if (!authority) return cannot_start(errors, authority.error());
    auto tls = secure(options, *authority);
    if (!tls) return cannot_start(errors, tls.error());
    auto listener = Listener::open(options.address, options.port, options.connections);
    if (!listener) return cannot_start(errors, listener.error());
    wake = listener->wake_descriptor();
    std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL to clients that may be gone

    const std::string scheme = options.http ? "http" : "https";
    const bool json_to_out = options.json == "-";
    Trace trace(json_to_out ? errors : out, options.trace);
    const SystemClock clock;
    Registry registry;
    Queue queue(clock);
    Admin admin(registry, queue, options.push_ca);
    std::unique_ptr<AdminSocket> admin_socket;
    if (!options.admin.empty()) {
        auto opened = AdminSocket::open(options.admin, admin);
        if (!opened) return cannot_start(errors, opened.error());
        admin_socket = std::move(*opened);
    }
    Faults faults(options.faults);
    std::optional<Enrolled> enrolled;
    std::optional<Enrolment> enrolment;
    if (options.enrolment.on) {
        const bool proves_itself = options.server_auth.kind != session::Auth::none;
        enrolled.emplace(Enrolled{registry, *authority, clock, options.identify_by, proves_itself, options.push_name});
        enrolment.emplace(options.enrolment, *authority, registry, faults, clock,
                          [&](const std::string& text) { trace.note(text); });
    }
    Service service(std::move(*programme), trace, options.patience, queue, enrolled);
    Site site(options.names, scheme, listener->port(), service, enrolment ? &*enrolment : nullptr, faults);
    out << "port " << listener->port() << std::endl;
    if (!json_to_out) {
        const auto& name = options.http ? options.address : options.names.front();
        out << "serving " << scheme << "://" << name << ':' << listener->port() << "/ with the personality "
            << options.personality << std::endl;
        if (enrolment) {
            out << "enrolling as " << options.enrolment.habits.name << " by " << name_of(options.enrolment.policy)
                << std::endl;
        }
    }
    const auto handle = [&](int socket) {
        if (*tls) {
            auto stream = tls_stream(socket, **tls, options.patience);
            if (!stream) {
                service.refused(stream.error());
                return;
            }
            converse(**stream, site, socket);
        } else {
            converse(*plain_stream(socket, options.patience), site, socket);
        }
        service.closed(socket);
    };
    listener->run(handle, [&] {
        service.tidy(std::chrono::steady_clock::now());
        return !stop && (options.once == 0 || service.sessions() < options.once);
    });
    service.finish();
    const auto played = service.played();
    if (json_to_out) {
        out << to_json(played);
    } else {
        out << summary(played) << std::endl;
        if (!options.json.empty()) {
            if (auto written = write_file(options.json, to_json(played), false); !written) {
                errors << "steward-testserver: " << written.error().what << std::endl;
                return exit_failed;
            }
        }
    }
    return all_passed(played) ? exit_passed : exit_failed;
}

}  // namespace steward::server
