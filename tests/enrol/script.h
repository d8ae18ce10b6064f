// A server in a few lines: answers each request with what a function says, and keeps what was asked.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "agent/transport/exchange.h"
#include "platform/base/bytes.h"

namespace steward::enrol::test {

inline transport::Reply reply(int status, std::string body) {
    transport::Reply answer;
    answer.status = status;
    answer.content_type = "application/soap+xml; charset=utf-8";
    answer.body = std::move(body);
    return answer;
}

inline std::string soap(const std::string& body) {
    return "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Header/><s:Body>" + body +
           "</s:Body></s:Envelope>";
}

inline std::string fault(const std::string& subcode, const std::string& reason, const std::string& detail = {}) {
    return soap("<s:Fault><s:Code><s:Value>s:Receiver</s:Value><s:Subcode><s:Value>" + subcode +
                "</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang=\"en-us\">" + reason +
                "</s:Text></s:Reason>" + detail + "</s:Fault>");
}

inline std::string discovered(const std::string& policy, const std::string& more = {}) {
    return soap(
        "<DiscoverResponse xmlns=\"http://schemas.microsoft.com/windows/management/2012/01/enrollment\">"
        "<DiscoverResult><AuthPolicy>" +
        policy +
        "</AuthPolicy><EnrollmentVersion>4.0</EnrollmentVersion><EnrollmentPolicyServiceUrl>https://mdm.example/"
        "policy</EnrollmentPolicyServiceUrl><EnrollmentServiceUrl>https://mdm.example/enroll"
        "</EnrollmentServiceUrl>" +
        more + "</DiscoverResult></DiscoverResponse>");
}

inline std::string issued(const std::string& document) {
    return soap(
        "<RequestSecurityTokenResponseCollection xmlns=\"http://docs.oasis-open.org/ws-sx/ws-trust/200512\">"
        "<RequestSecurityTokenResponse><RequestedSecurityToken><BinarySecurityToken>\n" +
        to_base64(document) +
        "\n</BinarySecurityToken></RequestedSecurityToken></RequestSecurityTokenResponse>"
        "</RequestSecurityTokenResponseCollection>");
}

// What stands between the two in a request: `between(body, "<a:To s:mustUnderstand=\"1\">", "<")`.
inline std::string between(const std::string& text, const std::string& begin, const std::string& end) {
    const auto from = text.find(begin);
    if (from == std::string::npos) return {};
    const auto to = text.find(end, from + begin.size());
    return text.substr(from + begin.size(), to - from - begin.size());
}

struct Server {
    struct Seen {
        bool get = false;
        transport::Request request;
        transport::Trust trust;
    };
    std::vector<Seen> seen;
    std::function<Result<transport::Reply>(const Seen&)> answer;
};

class Line final : public transport::Exchange {
  public:
    Line(Server& server, transport::Trust trust) : server_(server), trust_(std::move(trust)) {}
    Result<transport::Reply> post(const transport::Request& request) override { return take(false, request); }
    Result<transport::Reply> get(const transport::Request& request) override { return take(true, request); }

  private:
    Result<transport::Reply> take(bool get, const transport::Request& request) {
        server_.seen.push_back({get, request, trust_});
        return server_.answer(server_.seen.back());
    }
    Server& server_;
    transport::Trust trust_;
};

}  // namespace steward::enrol::test
