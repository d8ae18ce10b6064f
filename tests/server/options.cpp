#include "tests/server/options.h"

#include <boost/program_options.hpp>
#include <sstream>

#include "platform/base/text.h"
#include "tests/server/enrolment_options.h"
#include "tests/server/remote.h"
#include "tests/support/personality.h"
#include "tests/support/step.h"

namespace steward::server {
namespace {

namespace po = boost::program_options;
using Texts = std::vector<std::string>;

constexpr char introduction[] =
    "steward-testserver: an OMA-DM server for people who test device management clients.\n"
    "\n"
    "usage: steward-testserver [options]\n"
    "\n"
    "It speaks HTTPS with a certification authority of its own, made at start; give the file that --ca-out writes to\n"
    "the client. The first line on standard output is \"port NUMBER\".\n";

constexpr char examples[] =
    "\n"
    "Examples:\n"
    "  steward-testserver --ca-out ca.pem --transcript tests/transcripts/ATO-02.transcript --once 1\n"
    "  steward-testserver --port 0 --ca-out ca.pem --transcript tests/transcripts --json report.json\n"
    "      each device plays one after the other; https://localhost:PORT/ATO-02 asks for that one\n"
    "  steward-testserver --ca-out ca.pem --commands policy.xml --auth md5 --user dev-0001 --secret s3cr3t\n"
    "  steward-testserver --http --port 8080 --personality fleet --trace full\n"
    "  steward-testserver --ca-out ca.pem --enrol-user ann@corp.example --enrol-secret-file secret.txt\n"
    "  steward-testserver --ca-out ca.pem --enrol federated --enrol-as mattrax --fault busy=3@policy --fault-times 1\n"
    "  steward-testserver --ca-out ca.pem --enrol-user ann --enrol-secret-file secret.txt --admin mdm.sock\n"
    "  steward-testserver --ca-out ca.pem --mutual-tls --client-cert-out client.pem --client-key-out client.key\n"
    "  steward-testserver queue add DEV-1 policy.xml --admin mdm.sock\n"
    "\n"
    "Exit codes: 0 all expectations were met, 1 some were not, 2 wrong usage, 3 the server could not start.\n";

struct Given {
    Options options;
    std::string auth = "none", user, secret, nonce, server_auth = "none", server_user, server_secret, server_nonce;
    std::string trace = "lines";
    EnrolmentWords enrolment;
    int port = 0;
    int patience = 0, delay = 0, busy = 0;
    bool no_policy_service = false;
};

std::string personalities() {
    std::string text = "how the server behaves:\n";
    for (const auto& name : transcript::personality_names()) {
        text += name + ": " + transcript::personality(name)->about + "\n";
    }
    return text;
}

po::options_description described(Given& given) {
    Options& made = given.options;
    po::options_description network("Network", 110);
    network.add_options()("listen", po::value(&made.address)->default_value("127.0.0.1"), "address to listen on")(
        "port", po::value(&given.port)->default_value(8443), "port; 0: the system chooses one")(
        "http", po::bool_switch(&made.http), "plain HTTP; only on a loopback address")(
        "name", po::value(&made.names)->composing(),
        "host name or address in the certificate; may be repeated "
        "(localhost, 127.0.0.1 and ::1 unless given)")("ca-out", po::value(&made.ca_out),
                                                       "write the certificate of the CA to this file")(
        "mutual-tls", po::bool_switch(&made.mutual_tls), "clients must show a certificate")(
        "client-ca", po::value(&made.client_ca), "PEM file with the CA of the clients; without it our own CA is used")(
        "client-cert-out", po::value(&made.client_cert_out), "write a client certificate of our own CA to this file")(
        "client-key-out", po::value(&made.client_key_out), "and its key to this one")(
        "connections", po::value(&made.connections)->default_value(64), "how many are served at once")(
        "patience", po::value(&given.patience)->default_value(60), "seconds after which a silent client is given up");

    po::options_description play("What is played", 110);
    play.add_options()("transcript", po::value(&made.transcripts)->composing(),
                       "a transcript, or a directory of *.transcript; may be repeated")(
        "personality", po::value(&made.personality)->default_value("plain"), personalities().c_str())(
        "commands", po::value(&made.commands), "XML with SyncML commands; each device gets them once")(
        "once", po::value(&made.once)->default_value(0), "exit after so many sessions; 0: until stopped")(
        "wbxml", po::bool_switch(&made.wbxml), "answer in WBXML whatever the client speaks")(
        "max-message-size", po::value(&made.max_message)->default_value(0), "MaxMsgSize that the server announces")(
        "delay", po::value(&given.delay), "milliseconds before each answer")(
        "busy", po::value(&given.busy), "the first request of each session gets 503 with this Retry-After")(
        "provider", po::value(&made.provider)->default_value(made.provider),
        "the client's provider id, for enrolment and rekeying")(
        "rekey-user", po::value(&made.rekey_user)->default_value(made.rekey_user), "what rekeying sets")(
        "rekey-secret", po::value(&made.rekey_secret)->default_value(made.rekey_secret), "what rekeying sets");

    po::options_description proofs("Authentication (where a transcript does not say it)", 110);
    proofs.add_options()("auth", po::value(&given.auth)->default_value("none"), "none, basic, md5 or mac")(
        "user", po::value(&given.user), "name of the client")("secret", po::value(&given.secret), "and its secret")(
        "nonce", po::value(&given.nonce), "nonce agreed before, in base64")(
        "server-auth", po::value(&given.server_auth)->default_value("none"), "how the server proves itself")(
        "server-user", po::value(&given.server_user), "name of the server")(
        "server-secret", po::value(&given.server_secret), "and its secret")(
        "server-nonce", po::value(&given.server_nonce), "nonce that the client gave before, in base64");

    auto& settings = made.enrolment;
    auto& words = given.enrolment;
    const auto flag = [](bool& value) { return po::value(&value)->default_value(value, value ? "true" : "false"); };
    po::options_description enrolment("Enrolment (MS-MDE2, on where one of the first four options is given)", 110);
    enrolment.add_options()("enrol", po::value(&words.policy),
                            "how people prove themselves: onpremise (a password), federated (a web page) or "
                            "certificate (one of --client-cert-out)")(
        "enrol-user", po::value(&words.users)->composing(), "name of somebody who may enrol; may be repeated")(
        "enrol-secret-file", po::value(&words.secret_files)->composing(), "file whose first line is the password")(
        "enrol-as", po::value(&words.as)->default_value("plain"), habits_listed().c_str())(
        "identify-by", po::value(&words.identify_by)->default_value("either"),
        "what a device shows in its sessions: its certificate, the credentials of its account, either or both")(
        "enrol-version", po::value(&settings.version)->default_value(settings.version), "EnrollmentVersion")(
        "no-policy-service", po::bool_switch(&given.no_policy_service), "discovery names no policy service")(
        "key-length", po::value(&settings.key_length)->default_value(settings.key_length), "RSA bits: 2048 or 4096")(
        "cert-days", po::value(&settings.certificate_days)->default_value(settings.certificate_days),
        "how long certificates of devices are good")("robo", flag(settings.on_behalf), "ROBOSupport")(
        "renew-period", po::value(&settings.renew_period)->default_value(settings.renew_period), "days")(
        "retry-interval", po::value(&settings.retry_interval)->default_value(settings.retry_interval), "days")(
        "poll", po::value(&words.poll), "MINUTESxCOUNT of the three sets (15x5,60x10,1440x0)")(
        "device-limit", po::value(&settings.most_devices)->default_value(0), "then DeviceCapReached; 0: no limit")(
        "fault", po::value(&words.faults)->composing(), faults_listed().c_str())(
        "fault-times", po::value(&words.fault_times)->default_value(0), "how often each fault happens; 0: always");

    po::options_description administration("Administration", 110);
    administration.add_options()("admin", po::value(&made.admin),
                                 "path of a UNIX socket for \"steward-testserver devices\" and \"… queue\"")(
        "push", po::value(&made.push_name), "PFN that enrolled devices are told; they are asked for their ChannelURI")(
        "push-ca", po::value(&made.push_ca), "PEM file with the CA of push channels; without it the system's store");

    po::options_description output("Output", 110);
    output.add_options()("trace", po::value(&given.trace)->default_value("lines"),
                         "none, lines (one per command) or full (the bytes too; credentials are never shown)")(
        "json", po::value(&made.json), "write the outcome as JSON to this file; - for standard output")(
        "help,h", "this text")("version", "the version");

    po::options_description all;
    all.add(network).add(play).add(proofs).add(enrolment).add(administration).add(output);
    return all;
}

Error usage(const std::string& what) {
    return {Fault::invalid, what, {}};
}

transcript::Word pair(const std::string& key, const std::string& value) {
    return {key, transcript::Word::Is::equal, value};
}

// The same words as in a transcript, so that both are understood alike.
std::vector<transcript::Word> proof_words(const char* step, const std::string& kind, const std::string& user,
                                          const std::string& secret, const std::string& nonce) {
    std::vector<transcript::Word> words{{step, transcript::Word::Is::bare, {}}, {kind, transcript::Word::Is::bare, {}}};
    words.push_back(pair("user", user));
    words.push_back(pair("secret", secret));
    if (!nonce.empty()) words.push_back(pair("nonce", nonce));
    return words;
}

Outcome check(Given& given, const po::variables_map& seen) {
    Options& made = given.options;
    if (given.port < 0 || given.port > 65535) return usage("--port wants a number from 0 to 65535.");
    made.port = static_cast<std::uint16_t>(given.port);
    if (given.patience < 1) return usage("--patience wants at least one second.");
    made.patience = std::chrono::seconds(given.patience);
    if (made.connections == 0) return usage("--connections wants at least one.");
    const bool loopback = made.address == "localhost" || made.address.starts_with("127.") || made.address == "::1";
    if (made.http && !loopback) {
        return usage("--http is for loopback addresses only, not for " + made.address +
                     "; leave it out to serve HTTPS.");
    }
    if (made.http && (made.mutual_tls || !made.ca_out.empty()))
        return usage("--http excludes --mutual-tls and --ca-out.");
    if (made.client_cert_out.empty() != made.client_key_out.empty()) {
        return usage("--client-cert-out and --client-key-out belong together.");
    }
    if (made.names.empty()) made.names = {"localhost", "127.0.0.1", "::1"};
    if (auto known = transcript::personality(made.personality); !known) return known.error();
    if (given.trace == "none") {
        made.trace = TraceLevel::none;
    } else if (given.trace == "full") {
        made.trace = TraceLevel::full;
    } else if (given.trace != "lines") {
        return usage("--trace wants none, lines or full, not " + given.trace + '.');
    }
    if (seen.contains("delay")) made.delay = std::chrono::milliseconds(std::max(given.delay, 0));
    if (seen.contains("busy")) made.busy = std::chrono::seconds(std::max(given.busy, 0));

    auto auth = transcript::client_proof_of(proof_words("auth", given.auth, given.user, given.secret, given.nonce));
    if (!auth) return usage("--auth: " + auth.error().what + '.');
    made.auth = std::move(*auth);
    made.auth.renew = true;
    auto server_auth = transcript::server_proof_of(
        proof_words("server-auth", given.server_auth, given.server_user, given.server_secret, given.server_nonce));
    if (!server_auth) return usage("--server-auth: " + server_auth.error().what + '.');
    made.server_auth = std::move(*server_auth);
    made.enrolment.provider = made.provider;
    made.enrolment.policy_service = !given.no_policy_service;
    return complete(given.enrolment, made.enrolment, made.identify_by, made.faults);
}

}  // namespace

Result<Options> parse_options(int count, const char* const* words) {
    Given given;
    const auto all = described(given);
    try {
        po::variables_map seen;
        const po::positional_options_description none;
        po::store(po::command_line_parser(count, words).options(all).positional(none).run(), seen);
        if (seen.contains("help")) {
            std::ostringstream text;
            text << introduction << all << '\n' << verbs_help() << examples;
            given.options.help = text.str();
            return given.options;
        }
        if (seen.contains("version")) {
            given.options.help = "steward-testserver " STEWARD_VERSION "\n";
            return given.options;
        }
        po::notify(seen);
        if (auto right = check(given, seen); !right) return right.error();
    } catch (const po::error& error) {
        return usage(std::string(error.what()) + '.');
    }
    return given.options;
}

}  // namespace steward::server
