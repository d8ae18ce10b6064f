// Enrolling: from a user name, a server, a link or a signed file to an account with a certificate.
#include <algorithm>
#include <filesystem>
#include <iostream>

#include "agent/app/desk.h"
#include "agent/app/enrolling.h"
#include "agent/app/json.h"
#include "agent/app/qr_code.h"
#include "agent/app/renewal_terms.h"
#include "agent/app/sign_in.h"
#include "agent/app/verb.h"
#include "agent/enrol/link.h"
#include "agent/transport/curl.h"
#include "platform/base/bytes.h"
#include "platform/base/certificate.h"
#include "platform/base/path.h"
#include "platform/base/text.h"
#include "platform/terminal.h"

namespace steward::app {
namespace {

constexpr const char* discovery_path = "/EnrollmentServer/Discovery.svc";
constexpr std::size_t pin_bytes = 32;

// What was asked for, put together from the command line.
struct Order {
    enrol::Wish wish;
    ConsoleSignIn::Sources sources;
    std::optional<enrol::Provisioning> account;  // a signed file that holds the account itself
};

Error invalid(const std::string& what) {
    return {Fault::invalid, what, {}};
}

Result<std::string> key_pin(std::string text) {
    if (text.starts_with("sha256//")) text.erase(0, 8);
    std::string digits;
    for (const char c : text) {
        if (c != ':') digits += c;
    }
    auto raw = digits.size() == 2 * pin_bytes ? from_hex(lower(digits)) : from_base64(text);
    if (!raw || raw->size() != pin_bytes) {
        return invalid("--pin is no SHA-256 of a public key: 64 hexadecimal digits, or 44 characters of base64.");
    }
    return to_base64(*raw);
}

Result<std::string> full_path(const Options& options, const char* name) {
    if (!options.has(name)) return std::string();
    std::error_code error;
    const auto path = std::filesystem::absolute(path_of(options.get(name)), error);
    if (error || !std::filesystem::is_regular_file(path, error)) {
        return invalid("--" + std::string(name) + ": there is no file \"" + options.get(name) + "\".");
    }
    return text_of(path);
}

// An address without a path means the place where Windows looks.
std::string discovery_at(std::string url) {
    if (url.find("://") == std::string::npos) url = "https://" + url;
    const auto path = url.find('/', url.find("://") + 3);
    if (path == std::string::npos) return url + discovery_path;
    return path + 1 == url.size() ? url.substr(0, path) + discovery_path : url;
}

// Servers want something like user@domain even when no user is meant (S9).
std::string nobody_at(const std::string& url) {
    const auto begin = url.find("://") + 3;
    const std::string host = url.substr(begin, url.find_first_of(":/", begin) - begin);
    return "device@" + (host.find('.') == std::string::npos ? "device.invalid" : host);
}

Outcome read_link_into(const std::string& given, Order& order) {
    auto text = given == "-" ? read_input("-") : Result<std::string>(given);
    if (!text) return text.error();
    auto link = enrol::read_link(*text);
    if (!link) return link.error();
    if (!link->token.empty() && given != "-") {
        return invalid(
            "The link holds a token, which must not stand on a command line: give the link on standard input, "
            "with --link -.");
    }
    order.wish.user = link->user;
    if (!link->server.empty()) order.wish.url = discovery_at(link->server);
    order.sources.secret = link->token;
    return {};
}

Outcome read_file_into(const std::string& file, const std::string& authorities_file, Instant now, Order& order) {
    if (authorities_file.empty()) {
        return invalid("--ca-file is missing: it names the authority that vouches for the provisioning file.");
    }
    const auto message = read_input(file);
    const auto authorities = read_input(authorities_file);
    if (!message) return message.error();
    if (!authorities) return authorities.error();
    const auto document = verify_message(*message, *authorities, now);
    if (!document) {
        auto error = document.error();
        error.what = "The provisioning file is not used: " + error.what;
        return error;
    }
    auto provisioning = enrol::read_provisioning(*document);
    if (!provisioning) return provisioning.error();
    order.sources.may_ask = false;
    order.wish.by_person = false;
    if (!provisioning->invitation) {
        order.account = std::move(*provisioning);
        return {};
    }
    const auto& invitation = *provisioning->invitation;
    order.wish.user = invitation.user;
    if (!invitation.discovery_url.empty()) order.wish.url = discovery_at(invitation.discovery_url);
    order.wish.roots = provisioning->roots;
    order.sources.secret = invitation.secret;
    if (!invitation.service_url.empty()) {
        enrol::Discovered services;
        for (const auto policy :
             {enrol::AuthPolicy::on_premise, enrol::AuthPolicy::federated, enrol::AuthPolicy::certificate}) {
            if (same_ignoring_case(invitation.auth_policy, enrol::name_of(policy))) services.policy = policy;
        }
        services.policy_url = invitation.policy_url;
        services.service_url = invitation.service_url;
        for (const auto& url : {services.policy_url, services.service_url}) {
            if (url.empty()) continue;
            if (auto fine = transport::acceptable_url(url); !fine) return fine;
        }
        order.wish.services = services;
    }
    return {};
}

Result<Order> order_from(const Call& call, Instant now) {
    const auto& options = call.options;
    Order order;
    order.sources.password_file = options.get("password-file");
    order.sources.token_file = options.get("token-file");
    order.sources.certificate_file = options.get("certificate-file");
    order.sources.key_file = options.get("key-file");
    if (options.has("unattended")) {
        order.sources.may_ask = false;
        order.wish.by_person = false;
    }
    if (!call.json) order.sources.columns = platform::drawing_columns(platform::standard_error).value_or(0);
    auto authorities = full_path(options, "ca-file");
    if (!authorities) return authorities.error();
    if (options.has("pin")) {
        auto pin = key_pin(options.get("pin"));
        if (!pin) return pin.error();
        order.wish.trust.key_pin = std::move(*pin);
    }
    auto proxy = proxy_of(options);
    if (!proxy) return proxy.error();
    order.wish.trust.proxy = std::move(*proxy);
    if (options.has("file")) {
        if (auto read = read_file_into(options.get("file"), *authorities, now, order); !read) return read.error();
    } else {
        if (options.has("ca-file")) {
            auto pem = read_input(*authorities);
            if (!pem) return pem.error();
            if (!read_certificates(*pem))
                return Error{Fault::malformed, "The file of --ca-file holds no certificate in PEM.", *authorities};
            order.wish.authorities = std::move(*pem);
        }
        order.wish.trust.ca_file = *authorities;
    }
    if (options.has("link")) {
        if (auto read = read_link_into(options.get("link"), order); !read) return read.error();
    }
    if (!options.positional().empty()) order.wish.user = options.positional().front();
    if (options.has("url")) order.wish.url = discovery_at(options.get("url"));
    if (order.account || options.has("resume")) return order;
    if (order.wish.user.empty() && order.wish.url.empty() && order.wish.services.service_url.empty()) {
        return invalid("Whom to enrol with is missing: user@domain, --url, --link or --file.");
    }
    if (!order.wish.url.empty()) {
        if (auto fine = transport::acceptable_url(order.wish.url); !fine) return fine.error();
    }
    if (order.wish.user.empty()) {
        order.wish.user = nobody_at(order.wish.url.empty() ? order.wish.services.service_url : order.wish.url);
    }
    return order;
}

std::string day(Instant instant) {
    return iso_extended(instant.time_since_epoch().count());
}

// How a refusal of the server, or of ours, ends: what, why, and the next step.
int refused(const Call& call, const Error& error) {
    if (error.fault == Fault::store) return report(error);
    const bool passing = error.fault == Fault::io || error.fault == Fault::timeout || error.fault == Fault::busy;
    if (call.json) {
        std::cout << Json::object()
                         .set("enrolled", false)
                         .set("sentence", error.what)
                         .set("seen", error.evidence)
                         .set("resumable", passing)
                         .text();
        return exit_failed;
    }
    std::cerr << "steward: " << error.what << "\n";
    if (!error.evidence.empty()) std::cerr << "         seen: " << error.evidence << "\n";
    if (error.evidence.starts_with("0x80180012")) {
        std::cerr << "         next: compare the fingerprint with the one its administrator tells, get the authority's "
                     "certificate from there, and give it with --ca-file.\n";
    } else if (passing) {
        std::cerr << "         next: steward enroll --resume\n";
    }
    return exit_failed;
}

int tell(const Call& call, Agent& agent, platform::Keystore& keys, const enrol::Record& record) {
    const auto account = agent.accounts().find(record.provider);
    const auto kind =
        record.identity.key.empty() ? Result<platform::KeyDescription>(Error{}) : keys.describe(record.identity.key);
    const std::string words = kind ? kind->kind : "none: the account has no certificate";
    const auto renewal = record.identity.certificate_file.empty()
                             ? std::nullopt
                             : enrol::next_renewal(agent.clock().now(), renewal_facts(agent.policies(), record), 0);
    if (call.json) {
        auto json = Json::object()
                        .set("enrolled", true)
                        .set("account", record.provider)
                        .set("url", account ? account->url : "")
                        .set("user", record.user)
                        .set("key", words)
                        .set("exportable", kind ? kind->exportable : false);
        if (!record.identity.certificate_file.empty()) {
            json.set("subject", record.identity.subject)
                .set("issuer", record.identity.issuer)
                .set("fingerprint", record.identity.fingerprint)
                .set("validUntil", day(record.identity.not_after));
        }
        if (renewal) json.set("renewal", day(*renewal));
        std::cout << json.text();
        return exit_ok;
    }
    std::cout << "enrolled with " << record.provider << (account ? " at " + account->url : "") << "\n"
              << "  key          " << words << "\n";
    if (!record.identity.certificate_file.empty()) {
        std::cout << "  certificate  " << record.identity.subject << ", valid until " << day(record.identity.not_after)
                  << "\n";
    }
    if (renewal) std::cout << "  renewal      from " << day(*renewal) << "\n";
    std::cout << "  next         steward sync\n";
    return exit_ok;
}

int enroll(const Call& call) {
    auto order = order_from(call, SystemClock{}.now());
    if (!order) {
        return order.error().fault == Fault::invalid ? usage(order.error().what, "enroll")
                                                     : refused(call, order.error());
    }
    auto agent = open_to_change(call.places);
    if (!agent) return report(agent.error());
    if (const auto known = (*agent)->accounts().all(); call.options.has("unattended") && !known.empty()) {
        std::cout << "enrolled with " << known.front().id << " already\n";
        return exit_ok;
    }
    Enrolling enrolling(**agent, call.options.get("key-store"));
    auto means = enrolling.means();
    if (!means) return report(means.error());
    ConsoleSignIn sign_in(std::move(order->sources), enrolling.keys());
    enrol::Enrolment enrolment(std::move(*means), sign_in, [&call](const std::string& line) {
        if (call.terminal && !call.json) std::cerr << line << " …\n";
    });
    const auto done = call.options.has("resume") ? enrolment.resume()
                      : order->account           ? enrolment.apply(*order->account, order->wish.trust)
                                                 : enrolment.begin(order->wish);
    audit::Entry entry;
    entry.kind = "enrolment";
    entry.authority = done ? done->provider : std::string();
    entry.subject = "enrolment by " + std::string(order->account ? "a signed file" : "a person");
    entry.outcome = done ? "done" : "failed: " + done.error().what;
    if (auto noted = (*agent)->audit().append({std::move(entry)}); !noted) return report(noted.error());
    nudge_service(call.places);
    if (!done) return refused(call, done.error());
    return tell(call, **agent, enrolling.keys(), *done);
}

std::vector<Option> options() {
    return {
        {"url", "URL", "where discovery begins; without a path, /EnrollmentServer/Discovery.svc there"},
        {"link", "LINK", "a link ms-device-enrollment:?…; - reads it from standard input"},
        {"file", "FILE", "a signed provisioning file; no question is asked"},
        {"resume", "", "go on with an enrolment that was interrupted"},
        {"unattended", "", "for installers: ask nobody, and leave a device as it is that has an account already"},
        {"password-file", "FILE", "file with the user's password; - is standard input"},
        {"token-file", "FILE", "file with the token of a web sign-in; - is standard input"},
        {"certificate-file", "FILE", "PEM certificate to sign in with, where the server asks for one"},
        {"key-file", "FILE", "PEM key of that certificate"},
        {"ca-file", "FILE", "PEM certificates that vouch for the server, or for the file of --file"},
        {"pin", "SHA256", "the public key that the server must have"},
        {"proxy", "URL", "proxy to use"},
        {"proxy-file", "FILE", "file with the proxy, where its address holds a password; - is standard input"},
        {"key-store", "PLACE",
         "what makes and keeps the key: pkcs11:token=…?pin-source=file:…; on Windows tpm or software"},
        {"waiting", "DIR", "by every signed file NAME.p7m in DIR for which NAME.pem vouches; a used one is removed"}};
}

// Zero touch: what an image or an installer left for the first boot. A file that was used goes, for it holds secrets;
// one that failed stays for the next try.
int enroll_waiting(const Call& call) {
    const auto directory = path_of(call.options.get("waiting"));
    std::error_code error;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
        if (entry.path().extension() == ".p7m") files.push_back(entry.path());
    }
    if (error) return usage("--waiting: " + text_of(directory) + " can't be read: " + error.message() + ".", "enroll");
    std::sort(files.begin(), files.end());
    int code = exit_ok;
    for (const auto& file : files) {
        auto authorities = file;
        authorities.replace_extension(".pem");
        auto given = Options::parse({"--file", text_of(file), "--ca-file", text_of(authorities)}, options(), 0);
        if (!given) return report(given.error());
        Call each = call;
        each.options = std::move(*given);
        const int ended = enroll(each);
        if (ended == exit_ok) std::filesystem::remove(file, error);
        if (ended != exit_ok) code = ended;
    }
    return code;
}

int run(const Call& call) {
    return call.options.has("waiting") ? enroll_waiting(call) : enroll(call);
}

}  // namespace

Verb enroll_verb() {
    return {"enroll",
            "enrol this device with a management server",
            "USER@DOMAIN | --url URL | --link LINK | --file FILE | --waiting DIR | --resume",
            options(),
            1,
            "  steward enroll ann@corp.example\n"
            "  steward enroll ann@corp.example --url https://mdm.corp.example --password-file pw\n"
            "  steward enroll --file bulk.p7m --ca-file /etc/steward/company.pem\n",
            run};
}

}  // namespace steward::app
