#include "tests/server/enrolment.h"

#include <algorithm>

#include "agent/session/credentials.h"
#include "platform/base/bytes.h"
#include "platform/base/digest.h"
#include "platform/base/text.h"
#include "tests/server/policy_response.h"
#include "tests/server/provisioning.h"

namespace steward::server {
namespace {

using Does = FaultKind::Does;

constexpr std::string_view root = "/EnrollmentServer/";
constexpr std::string_view elsewhere = "Elsewhere/";  // where a redirect leads
constexpr std::size_t largest_request = 256u << 10;
constexpr std::size_t longest_name = 64;  // of a common name, RFC 5280

std::string_view path_of(std::string_view target) {
    return target.substr(0, target.find('?'));
}

std::optional<Step> step_of(std::string_view path) {
    if (!path.starts_with(root)) return std::nullopt;
    path.remove_prefix(root.size());
    if (path.starts_with(elsewhere)) path.remove_prefix(elsewhere.size());
    if (same_ignoring_case(path, "Discovery.svc")) return Step::discovery;
    if (same_ignoring_case(path, "Policy.svc")) return Step::policy;
    if (same_ignoring_case(path, "Enrollment.svc")) return Step::enrolment;
    return std::nullopt;
}

Place place_of(Step step) {
    return step == Step::discovery ? Place::discovery : step == Step::policy ? Place::policy : Place::enrolment;
}

Response plain(int status, std::string text) {
    return {status, "text/plain", {}, std::move(text) + '\n', {}, 0};
}

SoapFault fault_of(const Error& error) {
    SoapFault fault;
    fault.reason = fault.message = error.what;
    fault.code = "s:Sender";
    switch (error.fault) {
        case Fault::malformed:
        case Fault::incomplete:
        case Fault::too_large:
            fault.subcode = "s:MessageFormat";
            break;
        case Fault::denied:
            fault.subcode = "s:Authentication";
            break;
        case Fault::refused:
            fault.subcode = "s:Authorization";
            break;
        case Fault::format:
            fault.subcode = "a:InvalidSecurity";
            break;
        case Fault::invalid:
            fault.subcode = "s:CertificateRequest";
            break;
        case Fault::not_found:
            fault.subcode = "s:EnrollmentServer";
            fault.error_type = "NotEligibleToRenew";
            break;
        case Fault::unsupported:
            fault.subcode = "s:EnrollmentServer";
            fault.error_type = "NotSupported";
            break;
        case Fault::full:
            fault.subcode = "s:Authorization";
            fault.error_type = "DeviceCapReached";
            break;
        default:
            fault.code = "s:Receiver";
            fault.subcode = "a:InternalServiceFault";
    }
    return fault;
}

// Automatic renewal carries the CMS in base64 once, manual renewal in base64 of base64.
std::optional<std::string> unwrapped(const std::string& text) {
    constexpr char der_sequence = 0x30;
    auto once = from_base64(text);
    if (once && !once->empty() && once->front() != der_sequence) return from_base64(*once);
    return once;
}

std::string leaf(const std::string& name, const std::string& value) {
    return '<' + name + '>' + escaped(value) + "</" + name + '>';
}

}  // namespace

Enrolment::Enrolment(EnrolmentSettings settings, const Authority& authority, Registry& registry, Faults& faults,
                     const Clock& clock, Note note)
    : settings_(std::move(settings)),
      authority_(authority),
      registry_(registry),
      faults_(faults),
      clock_(clock),
      note_(std::move(note)),
      federation_([this](const std::string& name,
                         const std::string& secret) { return accepts(settings_.accounts, name, secret); },
                  !settings_.accounts.empty(), clock),
      callers_(settings_.policy, settings_.accounts, authority, federation_, clock) {}

bool Enrolment::serves(std::string_view path) {
    return path == "/auth" || path.starts_with(root);
}

Response Enrolment::answer(const Request& request, const Peer& peer, const std::string& origin) {
    const auto path = path_of(request.target);
    if (path == "/auth") {
        if (settings_.policy != AuthPolicy::federated) return plain(404, "There is no web sign-in here.");
        if (request.method != "GET" && request.method != "POST") return plain(405, "Sign in with GET or POST.");
        return federation_.answer(request);
    }
    const auto step = step_of(path);
    if (!step) return plain(404, "There is no such enrolment service.");
    Call call{*step, request, peer, origin, {}};
    const auto place = place_of(*step);
    if (path.find(elsewhere) == path.npos) {
        if (const auto fault = faults_.due(place, {Does::redirect, Does::redirect_loop, Does::http_redirect})) {
            return moved(*fault, request, origin);
        }
    }
    if (const auto busy = faults_.due(place, {Does::busy})) {
        auto response = plain(503, "The service is busy.");
        response.headers.emplace_back("Retry-After", busy->value);
        return response;
    }
    auto response = handle(call);
    if (const auto cut = faults_.due(place, {Does::cut})) {
        response.cut = static_cast<std::size_t>(to_integer(cut->value).value_or(0));
    }
    return response;
}

Response Enrolment::handle(Call& call) {
    const auto& request = call.request;
    if (request.method == "GET" && call.step == Step::discovery) return {200, "text/html", {}, {}, {}, 0};
    if (request.method != "POST") return plain(405, "This service is called with POST.");
    if (!lower(request.header("Content-Type")).starts_with("application/soap+xml")) {
        return plain(415, "This service speaks application/soap+xml.");
    }
    if (request.body.size() > largest_request) return plain(413, "The request is too large.");
    auto envelope = read_envelope(request.body);
    if (!envelope) return refuse(envelope.error(), {});
    call.envelope = std::move(*envelope);
    const auto& id = call.envelope.message_id;
    if (const auto fault = faults_.due(place_of(call.step), {Does::soap})) {
        return refuse(soap_fault(*fault, to_hex(random_bytes(8))), id);
    }
    if (const auto breach = breach_of(settings_.habits.rules, call.step, request.body, call.envelope)) {
        return refuse(Error{Fault::malformed, *breach, {}}, id);
    }
    if (call.step == Step::discovery) {
        auto content = discover(call);
        if (!content) return refuse(content.error(), id);
        return say(call, space::discovery + "/IDiscoveryService/DiscoverResponse", *content);
    }
    if (call.step == Step::policy) {
        auto content = policies(call);
        if (!content) return refuse(content.error(), id);
        return say(call, space::policy + "/IPolicy/GetPoliciesResponse", *content);
    }
    auto content = enrol(call);
    if (!content) return refuse(content.error(), id);
    return say(call, space::enrolment + "/RSTRC/wstep", *content, true);
}

Response Enrolment::moved(const ChosenFault& fault, const Request& request, const std::string& origin) const {
    std::string to = origin + request.target;
    if (fault.kind->does == Does::redirect) {
        to = origin + std::string(root) + std::string(elsewhere) + request.target.substr(root.size());
    } else if (fault.kind->does == Does::http_redirect && to.starts_with("https:")) {
        to.erase(4, 1);
    }
    auto response = plain(302, "It moved.");
    response.headers.emplace_back("Location", to);
    return response;
}

Response Enrolment::say(const Call& call, std::string_view action, std::string content, bool timestamp) const {
    Response made{200, "application/soap+xml; charset=utf-8", {}, {}, {}, 0};
    made.body = envelope({std::string(action), call.envelope.message_id, std::move(content), timestamp},
                         settings_.habits.dress, clock_.now());
    return made;
}

Response Enrolment::refuse(const SoapFault& fault, const std::string& relates_to) {
    note_("enrolment refused: " + fault.subcode + (fault.error_type.empty() ? "" : ' ' + fault.error_type) + ": " +
          fault.reason);
    Response made{settings_.habits.faults_with_200 ? 200 : 500, "application/soap+xml; charset=utf-8", {}, {}, {}, 0};
    made.body = fault_envelope(fault, relates_to, settings_.habits.dress, clock_.now());
    return made;
}

Response Enrolment::refuse(const Error& error, const std::string& relates_to) {
    auto fault = fault_of(error);
    fault.trace_id = to_hex(random_bytes(8));
    return refuse(fault, relates_to);
}

Result<std::string> Enrolment::discover(const Call& call) {
    const auto* request = call.envelope.content.child("request");
    if (call.envelope.content.name != "Discover" || request == nullptr) {
        return Error{Fault::malformed, "The discovery service wants Discover with a request.", {}};
    }
    const auto policy = std::string(name_of(settings_.policy));
    const auto* offered = request->child("AuthPolicies");
    const bool fits = offered != nullptr && std::any_of(offered->children.begin(), offered->children.end(),
                                                        [&](const Element& each) { return each.text == policy; });
    if (!fits) {
        return Error{Fault::unsupported, "The client offers no authentication that we take: " + policy + '.', {}};
    }
    const std::string base = call.origin + std::string(root);
    std::string result = leaf("AuthPolicy", policy) + leaf("EnrollmentVersion", settings_.version);
    if (settings_.policy_service) result += leaf("EnrollmentPolicyServiceUrl", base + "Policy.svc");
    result += leaf("EnrollmentServiceUrl", base + "Enrollment.svc");
    if (settings_.policy == AuthPolicy::federated) result += leaf("AuthenticationServiceUrl", call.origin + "/auth");
    note_("discovery for " + request->text_at({"EmailAddress"}) + ": " + policy);
    return "<DiscoverResponse xmlns=\"" + space::discovery + "\"><DiscoverResult>" + result +
           "</DiscoverResult></DiscoverResponse>";
}

Result<std::string> Enrolment::policies(const Call& call) {
    if (call.envelope.content.name != "GetPolicies") {
        return Error{Fault::malformed, "The policy service wants GetPolicies.", call.envelope.content.name};
    }
    // A device that renews has no password any more; its certificate speaks for it.
    const auto shown = facts_of(call.peer.certificate);
    const bool renews = call.peer.trusted() && shown && registry_.owner_of(shown->thumbprint);
    if (!renews) {
        auto who = callers_.identify(call.envelope, call.request.body, false);
        if (!who) return who.error();
    }
    return policy_response(settings_.key_length, settings_.habits.broken_policy);
}

Result<std::string> Enrolment::enrol(const Call& call) {
    auto wanted = token_request_of(call.envelope.content);
    if (!wanted) return wanted.error();
    if (wanted->request_type == space::trust + "/Issue") return issue(call, *wanted);
    if (wanted->request_type == space::trust + "/Renew") return renew(call, *wanted);
    return Error{Fault::unsupported, "The request type is neither Issue nor Renew.", wanted->request_type};
}

Result<RequestFacts> Enrolment::acceptable(std::string_view pkcs10) const {
    auto facts = facts_of_request(pkcs10);
    if (!facts) return Error{Fault::invalid, facts.error().what, {}};
    if (!facts->digest.starts_with("SHA") || facts->digest == "SHA1") {
        return Error{Fault::invalid, "The certificate request must be signed with SHA-256.", facts->digest};
    }
    if (facts->key == "RSA" && facts->bits < settings_.key_length) {
        return Error{Fault::invalid,
                     "The key has " + std::to_string(facts->bits) + " bits, and the policy says " +
                         std::to_string(settings_.key_length) + '.',
                     {}};
    }
    return facts;
}

Result<CertificateFacts> Enrolment::certificate_for(const std::string& id, std::string_view pkcs10) {
    Wish wish{id, {-1, settings_.certificate_days}, settings_.habits.version_1};
    if (faults_.due(Place::enrolment, {Does::expired})) wish.validity = {-30, -1};
    return authority_.issue(pkcs10, wish);
}

Result<std::string> Enrolment::issue(const Call& call, const TokenRequest& wanted) {
    const std::lock_guard lock(issuing_);
    auto who = callers_.identify(call.envelope, call.request.body, false);
    if (!who) return who.error();
    const auto id = wanted.item("DeviceID");
    if (id.empty() || id.size() > longest_name || !valid_utf8(id)) {
        return Error{Fault::incomplete, "The context item DeviceID must have 1 to 64 characters.", id};
    }
    const auto pkcs10 = from_base64(wanted.token.value);
    if (!wanted.token.value_type.ends_with("#PKCS10") || !pkcs10) {
        return Error{Fault::malformed, "The token to issue must be a PKCS#10 in base64.", wanted.token.value_type};
    }
    if (auto fits = acceptable(*pkcs10); !fits) return fits.error();
    const auto known = registry_.find(id);
    const bool one_more = !known || known->unenrolled;
    if (one_more && settings_.most_devices != 0 && registry_.enrolled() >= settings_.most_devices) {
        return Error{Fault::full, "There are " + std::to_string(settings_.most_devices) + " devices already.", {}};
    }
    who = callers_.identify(call.envelope, call.request.body, true);
    if (!who) return who.error();
    auto certificate = certificate_for(id, *pkcs10);
    if (!certificate) return Error{Fault::invalid, certificate.error().what, certificate.error().evidence};

    Device device;
    device.id = id;
    device.name = wanted.item("DeviceName");
    device.provider = settings_.habits.provider.empty() ? settings_.provider : settings_.habits.provider;
    device.user = *who;
    device.kind = wanted.item("EnrollmentType");
    device.os = wanted.item("OSVersion");
    device.certificate = std::move(*certificate);
    device.enrolled = clock_.now();
    constexpr std::size_t nonce_bytes = 16, secret_bytes = 18;
    const auto fresh = [](std::size_t count) { return to_base64(random_bytes(count)); };
    const auto& word = settings_.habits.nonce_word;
    const auto nonce = [&] { return word ? session::nonce_from_wire(*word) : random_bytes(nonce_bytes); };
    device.secrets = {id, fresh(secret_bytes), nonce(), device.provider, fresh(secret_bytes), nonce()};
    const bool wrong_nonce = faults_.due(Place::enrolment, {Does::wrong_nonce}).has_value();
    auto document = document_for(device, call, false, wrong_nonce);
    note_("enrolled " + id + " (" + device.name + ") by " + *who + ", certificate " + device.certificate.thumbprint +
          " until " + iso_extended(device.certificate.not_after.time_since_epoch().count()));
    registry_.enrol(std::move(device));
    return token_response(document, settings_.habits.dress);
}

Result<std::string> Enrolment::renew(const Call& call, const TokenRequest& wanted) {
    if (call.peer.certificate.empty()) {
        return Error{Fault::denied, "A renewal needs TLS with the certificate that is to be renewed.", {}};
    }
    if (auto ours = authority_.vouches_for(call.peer.certificate, clock_.now()); !ours) {
        return Error{Fault::denied, ours.error().what + ' ' + ours.error().evidence + '.', {}};
    }
    auto shown = facts_of(call.peer.certificate);
    if (!shown) return shown.error();
    const auto cms = unwrapped(wanted.token.value);
    if (!wanted.token.value_type.ends_with("#PKCS7") || !cms) {
        return Error{Fault::malformed, "The token to renew must be a PKCS#7 in base64.", wanted.token.value_type};
    }
    auto opened = authority_.open_renewal(*cms, call.peer.certificate);
    if (!opened) return opened.error();
    if (opened->signer.thumbprint != shown->thumbprint) {
        return Error{Fault::denied, "TLS and the renewal request show two different certificates.", {}};
    }
    auto device = registry_.owner_of(shown->thumbprint);
    if (!device) return Error{Fault::not_found, "No enrolled device has this certificate.", shown->thumbprint};
    const auto id = wanted.item("DeviceID");
    if (!id.empty() && id != device->id) {
        return Error{Fault::refused, "The certificate belongs to another device than DeviceID says.", id};
    }
    if (auto fits = acceptable(opened->request); !fits) return fits.error();
    auto certificate = certificate_for(device->id, opened->request);
    if (!certificate) return Error{Fault::invalid, certificate.error().what, certificate.error().evidence};
    registry_.renew(device->id, *certificate);
    device->certificate = std::move(*certificate);
    note_("renewed " + device->id + ", certificate " + device->certificate.thumbprint + " until " +
          iso_extended(device->certificate.not_after.time_since_epoch().count()));
    return token_response(document_for(*device, call, true, false), settings_.habits.dress);
}

std::string Enrolment::document_for(const Device& device, const Call& call, bool renewal, bool wrong_nonce) const {
    Provisioning made;
    made.root = authority_.facts();
    made.device = device;
    made.address = call.origin + std::string(session_path);
    made.server_name = "steward-testserver";
    made.client_nonce_as_written = settings_.habits.nonce_word.value_or(to_base64(device.secrets.client_nonce));
    if (wrong_nonce) made.client_nonce_as_written = to_base64(random_bytes(device.secrets.client_nonce.size() + 1));
    made.on_behalf = settings_.on_behalf;
    made.renew_period = settings_.habits.renew_period.value_or(settings_.renew_period);
    made.retry_interval = settings_.retry_interval;
    made.poll = settings_.habits.poll.value_or(settings_.poll);
    made.renewal = renewal;
    return provisioning_document(made, settings_.habits);
}

}  // namespace steward::server
