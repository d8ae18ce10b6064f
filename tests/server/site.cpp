#include "tests/server/site.h"

#include "platform/base/text.h"

namespace steward::server {

std::string Site::origin(const Request& request) const {
    const auto host = request.header("Host");
    const auto bare = host.starts_with('[') ? host.substr(1, host.find(']') - 1) : host.substr(0, host.find(':'));
    std::string name = names_.front();
    for (const auto& each : names_) {
        if (same_ignoring_case(each, bare)) name = each;
    }
    if (name.find(':') != std::string::npos) name = '[' + name + ']';
    return scheme_ + "://" + name + ':' + std::to_string(port_);
}

Service::Answer Site::answer(const Request& request, const Peer& peer, int connection) {
    const auto path = std::string_view(request.target).substr(0, request.target.find('?'));
    if (enrolment_ != nullptr && Enrolment::serves(path)) {
        return {enrolment_->answer(request, peer, origin(request)), {}};
    }
    using Does = FaultKind::Does;
    if (const auto busy = faults_.due(Place::session, {Does::busy})) {
        return {{503, "text/plain", {{"Retry-After", busy->value}}, "The server is busy.\n", {}, 0}, {}};
    }
    if (const auto fault = faults_.due(Place::session, {Does::redirect_loop, Does::redirect, Does::http_redirect})) {
        const auto scheme = fault->kind->does == Does::http_redirect ? std::string("http") : scheme_;
        const auto to = scheme + origin(request).substr(scheme_.size()) + request.target;
        return {{302, "text/plain", {{"Location", to}}, "It moved.\n", {}, 0}, {}};
    }
    if (const auto fault = faults_.due(Place::session, {Does::soap})) {
        // One real server answers so where SyncML is expected (A12).
        auto body = fault_envelope(soap_fault(*fault, "session"), {}, {}, SystemClock().now());
        return {{200, "application/soap+xml; charset=utf-8", {}, std::move(body), {}, 0}, {}};
    }
    auto answer = service_.answer(request, peer, connection, scheme_);
    if (const auto cut = faults_.due(Place::session, {Does::cut})) {
        answer.response.cut = static_cast<std::size_t>(to_integer(cut->value).value_or(0));
    }
    return answer;
}

}  // namespace steward::server
