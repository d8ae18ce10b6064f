// The MS-MDE2 services of the test server: discovery, enrolment policy, enrolment and renewal. No network of its own:
// a request in, a response out. Source: MS-MDE2 3.1 to 3.5, protocol sheet section 10. Called from all threads.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/clock.h"
#include "platform/base/result.h"
#include "tests/server/authority.h"
#include "tests/server/callers.h"
#include "tests/server/faults.h"
#include "tests/server/habits.h"
#include "tests/server/http.h"
#include "tests/server/registry.h"

namespace steward::server {

constexpr std::string_view session_path = "/ManagementServer/MDM.svc";

struct EnrolmentSettings {
    bool on = false;
    AuthPolicy policy = AuthPolicy::on_premise;
    std::vector<Account> accounts;
    Habits habits;
    std::string provider = "TestServer";  // where the habits name none
    std::string version = "4.0";          // EnrollmentVersion
    bool policy_service = true;           // false: discovery names no policy service
    int key_length = 2048;                // of RSA keys; what the policy says and the least that is taken
    long certificate_days = 365;
    bool on_behalf = true;
    long renew_period = 60, retry_interval = 4;  // days
    Poll poll;
    std::size_t most_devices = 0;  // then DeviceCapReached; 0: no limit
};

class Enrolment {
  public:
    using Note = std::function<void(const std::string&)>;
    Enrolment(EnrolmentSettings settings, const Authority& authority, Registry& registry, Faults& faults,
              const Clock& clock, Note note);

    // Whether a path ("/EnrollmentServer/Discovery.svc", "/auth", without the query) belongs to these services.
    static bool serves(std::string_view path);

    // origin: "https://localhost:8443", where the URLs in the answers point to.
    Response answer(const Request& request, const Peer& peer, const std::string& origin);

  private:
    struct Call {
        Step step = Step::discovery;
        const Request& request;
        const Peer& peer;
        const std::string& origin;
        Envelope envelope;
    };
    Response handle(Call& call);
    Response moved(const ChosenFault& fault, const Request& request, const std::string& origin) const;
    Response say(const Call& call, std::string_view action, std::string content, bool timestamp = false) const;
    Response refuse(const SoapFault& fault, const std::string& relates_to);
    Response refuse(const Error& error, const std::string& relates_to);

    Result<std::string> discover(const Call& call);
    Result<std::string> policies(const Call& call);
    Result<std::string> enrol(const Call& call);
    Result<std::string> issue(const Call& call, const TokenRequest& wanted);
    Result<std::string> renew(const Call& call, const TokenRequest& wanted);
    Result<RequestFacts> acceptable(std::string_view pkcs10) const;
    Result<CertificateFacts> certificate_for(const std::string& id, std::string_view pkcs10);
    std::string document_for(const Device& device, const Call& call, bool renewal, bool wrong_nonce) const;

    EnrolmentSettings settings_;
    const Authority& authority_;
    Registry& registry_;
    Faults& faults_;
    const Clock& clock_;
    Note note_;
    Federation federation_;
    Callers callers_;
    std::mutex issuing_;  // so that the limit of devices holds
};

}  // namespace steward::server
