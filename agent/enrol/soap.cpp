#include "agent/enrol/soap.h"

#include "agent/enrol/fault.h"
#include "agent/syncml/escape.h"
#include "platform/base/text.h"

namespace steward::enrol {
namespace {

constexpr const char* user_agent = "ENROLLClient";
constexpr const char* media_type = "application/soap+xml; charset=utf-8";

constexpr std::string_view action_of(Dialect dialect) {
    switch (dialect) {
        case Dialect::discovery:
            return "http://schemas.microsoft.com/windows/management/2012/01/enrollment/IDiscoveryService/Discover";
        case Dialect::policy:
            return "http://schemas.microsoft.com/windows/pki/2009/01/enrollmentpolicy/IPolicy/GetPolicies";
        case Dialect::token:
            return "http://schemas.microsoft.com/windows/pki/2009/01/enrollment/RST/wstep";
    }
    return {};
}

// Constants in Windows too: an answer belongs to the request of its connection.
constexpr std::string_view message_of(Dialect dialect) {
    switch (dialect) {
        case Dialect::discovery:
            return "urn:uuid:748132ec-a575-4329-b01b-6171a9cf8478";
        case Dialect::policy:
            return "urn:uuid:72048B64-0F19-448F-8C2E-B4C661860AA0";
        case Dialect::token:
            return "urn:uuid:0d5a1441-5891-453b-becf-a2e5f6ea3749";
    }
    return {};
}

constexpr std::string_view namespaces_of(Dialect dialect) {
    if (dialect == Dialect::discovery) {
        return R"( xmlns:a="http://www.w3.org/2005/08/addressing" xmlns:s="http://www.w3.org/2003/05/soap-envelope")";
    }
    return R"( xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://www.w3.org/2005/08/addressing")"
           R"( xmlns:u="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd")"
           R"( xmlns:wsse="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd")"
           R"( xmlns:wst="http://docs.oasis-open.org/ws-sx/ws-trust/200512")"
           R"( xmlns:ac="http://schemas.xmlsoap.org/ws/2006/12/authorization")";
}

constexpr std::string_view body_of(Dialect dialect) {
    return dialect == Dialect::policy ? R"(<s:Body xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance")"
                                        R"( xmlns:xsd="http://www.w3.org/2001/XMLSchema">)"
                                      : "<s:Body>";
}

Error of_status(int status) {
    const std::string evidence = "HTTP status " + std::to_string(status);
    if (status == 401 || status == 403) {
        auto error = with_code(status == 401 ? 0x80180002 : 0x80180003, {});
        const auto* refusal = refusal_of(status == 401 ? 0x80180002 : 0x80180003);
        return {Fault::denied, std::string(refusal->sentence), error.evidence + "; " + evidence};
    }
    if (status == 404 || status == 405 || status == 410) {
        return with_code(0x80180010, {Fault::not_found,
                                      "There is no enrolment service at this address: check it, or ask the server's "
                                      "administrator for the right one.",
                                      evidence});
    }
    if (status >= 300 && status < 400) {
        return with_code(0x8018001A, {Fault::denied,
                                      "The server redirects a request that holds secrets, which is not followed: its "
                                      "administrator must state the final address in the discovery answer.",
                                      evidence});
    }
    if (status == 429 || status == 503) {
        return with_code(0x80180017,
                         {Fault::busy, "The server is overloaded or in maintenance: try again later.", evidence});
    }
    return with_code(
        0x80180005,
        {Fault::io, "The server has an error of its own: try again later, or tell its administrator.", evidence});
}

const Element* fault_in(const Element& root) {
    if (same_ignoring_case(root.name, "Fault")) return &root;
    const auto* body = root.child("Body");
    return body == nullptr ? nullptr : body->child("Fault");
}

}  // namespace

std::string element(std::string_view name, std::string_view text) {
    std::string out = "<" + std::string(name) + ">";
    syncml::append_escaped(out, text);
    // The end tag repeats the name without attributes.
    return out + "</" + std::string(name.substr(0, name.find(' '))) + ">";
}

std::string write_envelope(const Envelope& envelope) {
    std::string out = "<s:Envelope";
    out += namespaces_of(envelope.dialect);
    out += "><s:Header>";
    out += element("a:Action s:mustUnderstand=\"1\"", action_of(envelope.dialect));
    out += element("a:MessageID", message_of(envelope.dialect));
    out += "<a:ReplyTo>" + element("a:Address", "http://www.w3.org/2005/08/addressing/anonymous") + "</a:ReplyTo>";
    out += element("a:To s:mustUnderstand=\"1\"", envelope.to);
    out += envelope.security;
    out += "</s:Header>";
    out += body_of(envelope.dialect);
    out += envelope.body;
    return out + "</s:Body></s:Envelope>";
}

Result<Element> read_envelope(int status, std::string_view body) {
    const bool good = status >= 200 && status < 300;
    if (trim(body).empty()) {
        if (!good) return of_status(status);
        return with_code(0x80180029, {Fault::malformed, std::string(refusal_of(0x80180029)->sentence), {}});
    }
    auto root = syncml::read_document(body);
    if (root) {
        if (const auto* fault = fault_in(*root)) return explain(*fault);
    }
    if (!good) return of_status(status);
    if (!root) {
        return with_code(0x80180001, {Fault::malformed,
                                      "The server's answer is no SOAP message: check the address, or ask the server's "
                                      "administrator.",
                                      root.error().what});
    }
    for (auto& part : root->children) {
        if (!same_ignoring_case(root->name, "Envelope")) break;  // a page of a portal has a body too
        if (same_ignoring_case(part.name, "Body")) return std::move(part);
    }
    return with_code(0x80180001, {Fault::malformed,
                                  "The server's answer is no SOAP message: check the address, or ask the server's "
                                  "administrator.",
                                  "its root is <" + syncml::legal(root->name.substr(0, 40)) + ">"});
}

Result<Element> call(transport::Exchange& exchange, const std::string& url, std::string envelope) {
    transport::Request request;
    request.url = url;
    request.content_type = media_type;
    request.body = std::move(envelope);
    request.headers = {{"User-Agent", user_agent}};
    const auto reply = exchange.post(request);
    if (!reply) {
        auto error = reply.error();
        return with_code(error.fault == Fault::denied ? 0x80180012 : 0x80180010, std::move(error));
    }
    auto body = read_envelope(reply->status, reply->body);
    // What is whole counts (A16); what is not says nothing about the server, and another try may bring it.
    if (!body && reply->truncated && body.error().fault == Fault::malformed) {
        return with_code(0x80180010, {Fault::io, "The connection to the server broke off in the middle of its answer.",
                                      body.error().evidence});
    }
    return body;
}

Result<transport::Reply> probe(transport::Exchange& exchange, const std::string& url) {
    transport::Request request;
    request.url = url;
    request.headers = {{"User-Agent", user_agent}, {"Cache-Control", "no-cache"}, {"Pragma", "no-cache"}};
    auto reply = exchange.get(request);
    if (reply) return reply;
    auto error = reply.error();
    return with_code(error.fault == Fault::denied ? 0x80180012 : 0x80180010, std::move(error));
}

}  // namespace steward::enrol
