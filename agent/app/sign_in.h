// Signing in at the command line: what a server asks for comes from files, from the terminal without echo, or from a
// web page. Secrets never stand on the command line.
#pragma once

#include <optional>
#include <string>

#include "agent/enrol/enrolment.h"
#include "platform/keystore.h"

namespace steward::app {

class ConsoleSignIn final : public enrol::SignIn {
  public:
    struct Sources {
        std::string password_file, token_file;   // "-": standard input
        std::string secret;                      // from a link or a signed file; empty: none
        std::string certificate_file, key_file;  // PEM, for AuthPolicy::certificate
        bool may_ask = true;                     // false: nobody is there, what is missing is an error
        std::size_t columns = 0;                 // of a terminal that an address can be drawn on; 0: there is none
    };
    ConsoleSignIn(Sources sources, platform::Keystore& keys) : sources_(std::move(sources)), keys_(keys) {}
    ~ConsoleSignIn() override;

    bool has_certificate() const override { return !sources_.certificate_file.empty(); }
    Result<enrol::Credentials> credentials(const enrol::Discovered& discovered, const std::string& user) override;

  private:
    Result<std::string> password(const std::string& user);
    Result<std::string> token(const std::string& page, const std::string& user);
    Result<enrol::Credentials> certificate();

    Sources sources_;
    platform::Keystore& keys_;
    std::optional<enrol::Credentials> known_;  // asked once
};

// What a person reads who is to sign in on a web page: its address, and as a QR code too where that fits.
std::string sign_in_invitation(const std::string& address, std::size_t columns);

}  // namespace steward::app
