#include "agent/app/sign_in.h"

#include <iostream>

#include "agent/app/qr_code.h"
#include "agent/app/token_listener.h"
#include "agent/app/verb.h"
#include "agent/enrol/fault.h"
#include "platform/base/certificate.h"
#include "platform/base/text.h"
#include "platform/terminal.h"

namespace steward::app {
namespace {

constexpr const char* bootstrap_label = "sign-in";
constexpr std::chrono::minutes patience{15};

Result<std::string> prompt(const std::string& question) {
    auto line = platform::ask_secretly(question);
    if (!line) {
        return enrol::with_code(0x8018000E, {Fault::incomplete,
                                             "There is no terminal to ask for the password: give its file with "
                                             "--password-file, or - for standard input.",
                                             {}});
    }
    if (line->empty()) return enrol::with_code(0x80180030, {Fault::denied, "No password was given.", {}});
    return line;
}

}  // namespace

std::string sign_in_invitation(const std::string& address, std::size_t columns) {
    const auto drawn = qr_code(address, columns);
    return "Sign in with a browser on this machine:\n\n  " + address + "\n\n" + (drawn ? *drawn + "\n" : "") +
           "Steward goes on by itself then. On another machine: sign in there, paste the token here and press "
           "Enter.\n";
}

ConsoleSignIn::~ConsoleSignIn() {
    // A key that was brought along to sign in with is not one of this device's.
    if (known_ && !known_->key.empty()) (void)keys_.erase(known_->key);
}

Result<enrol::Credentials> ConsoleSignIn::credentials(const enrol::Discovered& discovered, const std::string& user) {
    if (known_) return *known_;
    enrol::Credentials made;
    if (discovered.policy == enrol::AuthPolicy::certificate) {
        auto shown = certificate();
        if (!shown) return shown.error();
        made = std::move(*shown);
    } else {
        auto secret =
            discovered.policy == enrol::AuthPolicy::on_premise ? password(user) : token(discovered.sign_in_url, user);
        if (!secret) return secret.error();
        made.secret = std::move(*secret);
    }
    made.policy = discovered.policy;
    made.user = user;
    known_ = made;
    return made;
}

Result<std::string> ConsoleSignIn::password(const std::string& user) {
    if (!sources_.password_file.empty()) return read_secret(sources_.password_file);
    if (!sources_.secret.empty()) return sources_.secret;
    if (!sources_.may_ask) {
        return enrol::with_code(0x8018000E, {Fault::incomplete,
                                             "The server asks for a password and nobody can be asked: give its file "
                                             "with --password-file.",
                                             {}});
    }
    return prompt("Password of " + user + ": ");
}

Result<std::string> ConsoleSignIn::token(const std::string& page, const std::string& user) {
    if (!sources_.token_file.empty()) return read_secret(sources_.token_file);
    if (!sources_.secret.empty()) return sources_.secret;
    if (!sources_.may_ask) {
        return enrol::with_code(0x8018000F, {Fault::incomplete,
                                             "The server asks for a sign-in on a web page and nobody can be asked: "
                                             "give a token with --token-file.",
                                             {}});
    }
    auto listener = TokenListener::open();
    if (!listener) return listener.error();
    std::cerr << sign_in_invitation(sign_in_address(page, listener->address(), user), sources_.columns);
    return listener->wait(platform::standard_input, patience);
}

Result<enrol::Credentials> ConsoleSignIn::certificate() {
    const auto missing = [](const std::string& evidence) {
        return enrol::with_code(0x80180028,
                                {Fault::not_found, std::string(enrol::refusal_of(0x80180028)->sentence), evidence});
    };
    if (sources_.certificate_file.empty()) return missing({});
    auto pem = read_input(sources_.certificate_file);
    if (!pem) return missing(pem.error().what);
    auto parsed = read_certificate(*pem);
    if (!parsed) return missing(sources_.certificate_file + " holds no certificate");
    enrol::Credentials made;
    made.certificate = std::move(parsed->der);
    auto key = read_input(sources_.key_file.empty() ? sources_.certificate_file : sources_.key_file);
    if (!key) return missing(key.error().what);
    auto kept = keys_.keep(bootstrap_label, *key);
    if (!kept) return kept.error();
    made.key = std::move(*kept);
    const auto fits = keys_.belongs(made.key, made.certificate);
    if (fits && *fits) return made;
    (void)keys_.erase(made.key);
    return missing("the key does not belong to the certificate");
}

}  // namespace steward::app
