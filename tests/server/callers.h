// Who may enrol: what the Security header of a request proves. Source: MS-MDE2 3.3 and 3.4, protocol sheet 10.4.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/clock.h"
#include "platform/base/result.h"
#include "tests/server/authority.h"
#include "tests/server/federation.h"
#include "tests/server/soap.h"

namespace steward::server {

enum class AuthPolicy : std::uint8_t { on_premise, federated, certificate };
std::string_view name_of(AuthPolicy policy);                          // "OnPremise": as AuthPolicy spells it
std::optional<AuthPolicy> auth_policy_named(std::string_view lower);  // "onpremise": as people write it

struct Account {
    std::string name, secret;
};

class Callers {
  public:
    Callers(AuthPolicy policy, std::vector<Account> accounts, const Authority& authority, Federation& federation,
            const Clock& clock)
        : policy_(policy),
          accounts_(std::move(accounts)),
          authority_(authority),
          federation_(federation),
          clock_(clock) {}

    AuthPolicy policy() const { return policy_; }

    // The name of who asks. Faults: denied (not proved), format (the Security header is of another kind). spend: a
    // federated token is good for nothing more afterwards.
    Result<std::string> identify(const Envelope& envelope, std::string_view bytes, bool spend) const;

  private:
    Result<std::string> by_password(const Envelope& envelope) const;
    Result<std::string> by_token(const Envelope& envelope, bool spend) const;
    Result<std::string> by_certificate(const Envelope& envelope, std::string_view bytes) const;

    AuthPolicy policy_;
    std::vector<Account> accounts_;
    const Authority& authority_;
    Federation& federation_;
    const Clock& clock_;
};

bool accepts(const std::vector<Account>& accounts, const std::string& name, const std::string& secret);

}  // namespace steward::server
