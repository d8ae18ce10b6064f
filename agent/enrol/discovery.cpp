#include "agent/enrol/discovery.h"

#include <algorithm>

#include "agent/enrol/fault.h"
#include "agent/syncml/escape.h"
#include "agent/transport/curl.h"
#include "platform/base/text.h"

namespace steward::enrol {
namespace {

constexpr int most_redirects = 3;
constexpr std::size_t longest_url = 4096;

bool domain_name(std::string_view text) {
    if (text.empty() || text.size() > 253 || text.front() == '.' || text.back() == '.') return false;
    bool dot = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '.' && text[i - 1] == '.') return false;
        dot = dot || c == '.';
        const bool fine =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
        if (!fine) return false;
    }
    return dot;
}

std::string scheme_of(std::string_view url) {
    return lower(url.substr(0, url.find("://")));
}

// Scheme and host with port: "https://mdm.example:8443".
std::string_view origin_of(std::string_view url) {
    const auto begin = url.find("://");
    return begin == std::string_view::npos ? url : url.substr(0, url.find('/', begin + 3));
}

Error unsafe_redirect(const std::string& from, const std::string& to, const std::string& why) {
    return with_code(0x8018001A, {Fault::denied,
                                  "The redirect from " + from + " to \"" + syncml::legal(to.substr(0, 200)) +
                                      "\" is not followed: " + why +
                                      ". The server's administrator must correct it, or the address is wrong.",
                                  {}});
}

Result<std::string> redirected(const std::string& from, const std::string& location) {
    std::string to = location;
    if (to.starts_with("/") && !to.starts_with("//")) to = std::string(origin_of(from)) + to;
    if (to.empty() || to.size() > longest_url || to.find("://") == std::string::npos) {
        return unsafe_redirect(from, to, "it is no full address");
    }
    if (scheme_of(to) != scheme_of(from)) return unsafe_redirect(from, to, "it leaves " + scheme_of(from));
    if (auto fine = transport::acceptable_url(to); !fine) return unsafe_redirect(from, to, "it leaves https");
    return to;
}

Error unusable(const std::string& what, const std::string& seen) {
    return with_code(0x80180001,
                     {Fault::invalid,
                      "The discovery answer can't be used: " + what + ". The server's administrator must correct it.",
                      syncml::legal(seen.substr(0, 200))});
}

}  // namespace

Result<std::string> discovery_url(std::string_view user) {
    const auto at = user.rfind('@');
    if (at == std::string_view::npos || at == 0 || !domain_name(user.substr(at + 1))) {
        return Error{Fault::invalid,
                     "\"" + syncml::legal(user.substr(0, 200)) +
                         "\" is no address of the form user@domain: give one, or the server's address with --url.",
                     {}};
    }
    return "https://enterpriseenrollment." + lower(user.substr(at + 1)) + "/EnrollmentServer/Discovery.svc";
}

std::string discover_request(std::string_view to, std::string_view user, const DeviceFacts& facts,
                             bool with_certificate) {
    Envelope envelope;
    envelope.dialect = Dialect::discovery;
    envelope.to = to;
    envelope.body =
        R"(<Discover xmlns="http://schemas.microsoft.com/windows/management/2012/01/enrollment">)"
        R"(<request xmlns:i="http://www.w3.org/2001/XMLSchema-instance">)" +
        element("EmailAddress", user) + element("RequestVersion", "4.0") + element("DeviceType", "CIMClient_Windows") +
        element("ApplicationVersion", facts.application_version) + element("OSEdition", facts.os_edition) +
        "<AuthPolicies><AuthPolicy>OnPremise</AuthPolicy><AuthPolicy>Federated</AuthPolicy>" +
        (with_certificate ? "<AuthPolicy>Certificate</AuthPolicy>" : "") + "</AuthPolicies></request></Discover>";
    return write_envelope(envelope);
}

Result<Discovered> read_discovered(const Element& body) {
    Discovered found;
    const std::string policy = body.text_of("AuthPolicy");
    bool known = false;
    for (const auto each : {AuthPolicy::on_premise, AuthPolicy::federated, AuthPolicy::certificate}) {
        if (!same_ignoring_case(policy, name_of(each))) continue;
        found.policy = each;
        known = true;
    }
    if (!known) return unusable("it asks for a way to sign in that is not known", policy);
    found.version = body.text_of("EnrollmentVersion");
    found.policy_url = body.text_of("EnrollmentPolicyServiceUrl");
    found.service_url = body.text_of("EnrollmentServiceUrl");
    found.sign_in_url = body.text_of("AuthenticationServiceUrl");
    if (found.service_url.empty()) return unusable("it names no enrolment service", {});
    if (found.policy == AuthPolicy::federated && found.sign_in_url.empty()) {
        return unusable("it names no page to sign in at", {});
    }
    for (const auto* url : {&found.policy_url, &found.service_url, &found.sign_in_url}) {
        if (url->empty()) continue;
        if (url->size() > longest_url) return unusable("an address in it is too long", *url);
        if (auto fine = transport::acceptable_url(*url); !fine) return unusable("it names an unsafe address", *url);
    }
    return found;
}

Result<Discovered> discover(transport::Exchange& exchange, std::string url, std::string_view user,
                            const DeviceFacts& facts, bool with_certificate,
                            const std::function<void(const std::string&)>& hop) {
    if (auto fine = transport::acceptable_url(url); !fine) return fine.error();
    for (int redirects = 0;; ++redirects) {
        hop(url);
        const auto reply = probe(exchange, url);
        if (!reply) return reply.error();
        // Whatever else a GET is answered with, it proves that somebody is there (MS-MDE2 3.1).
        if (reply->status < 300 || reply->status >= 400 || reply->location.empty()) break;
        if (redirects == most_redirects) {
            return unsafe_redirect(url, reply->location, "there were " + std::to_string(most_redirects) + " already");
        }
        auto next = redirected(url, reply->location);
        if (!next) return next.error();
        url = std::move(*next);
    }
    const auto body = call(exchange, url, discover_request(url, user, facts, with_certificate));
    if (!body) return body.error();
    return read_discovered(*body);
}

}  // namespace steward::enrol
