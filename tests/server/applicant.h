// A device that enrols, for the tests of the server: its key, its requests, and what it makes of the answer. The
// messages have the form that Windows sends (interop sheet S1 to S10); tests break them by replacing parts.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/server/authority.h"

namespace steward::server {

std::string replaced(std::string text, const std::string& from, const std::string& to);  // the first; it must be there

// Text between the first `begin` and the `end` after it; empty: they are not there.
std::string between(const std::string& text, const std::string& begin, const std::string& end);

class Applicant {
  public:
    explicit Applicant(std::string id, int bits = 2048);
    ~Applicant();
    Applicant(Applicant&&) noexcept;

    std::string pkcs10(bool sha1 = false) const;

    static std::string discover(const std::string& policy = "OnPremise");
    static std::string by_password(const std::string& user, const std::string& password);  // Security headers
    static std::string by_token(const std::string& token);
    static std::string policies(const std::string& security);
    std::string request(const std::string& security) const;
    std::string request(const std::string& security, const std::string& pkcs10) const;

    // A request whose Security header is a certificate and an XML signature over the message.
    std::string signed_request(const Identity& identity) const;

    // base64 once, or twice; the CMS is made with the identity of before, around a new PKCS#10 of this key.
    std::string renewal(const Identity& old, bool twice = false) const;

    Identity identity(const std::string& certificate_der) const;  // PEM, with this key

  private:
    std::string message(const std::string& security, const std::string& type, const std::string& token_type,
                        const std::string& token) const;
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

// The provisioning document of a token response; empty where there is none.
std::string document_in(const std::string& response);
std::string certificate_in(const std::string& document);  // DER of the one under My
std::string parm_in(const std::string& document, const std::string& name, std::size_t which = 0);

}  // namespace steward::server
