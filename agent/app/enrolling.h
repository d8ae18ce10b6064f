// What enrolment needs, put together over an agent: keys and files of its state directory, accounts of its desired
// state.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "agent/app/agent.h"
#include "agent/enrol/enrolment.h"
#include "agent/enrol/record.h"
#include "agent/enrol/registrar.h"
#include "platform/keystore.h"
#include "platform/state_files.h"

namespace steward::app {

// Accounts as enrolment sees them. What a server delivers for nodes that do not exist here, or does not fit them, is
// left out.
class AccountRegistrar final : public enrol::Registrar {
  public:
    explicit AccountRegistrar(Agent& agent) : agent_(agent) {}

    bool knows(const std::string& provider) const override;
    Outcome enter(const enrol::Provisioning& provisioning, const transport::Trust& trust) override;
    Outcome replace_identity(const std::string& provider, const std::string& certificate_file,
                             const std::string& key_source, const std::vector<enrol::Setting>& settings) override;
    std::string certificate_file_of(const std::string& provider) const override;
    std::string server_id_of(const std::string& provider) const override;

  private:
    std::vector<AccountRow> rows(const std::string& node, const std::vector<enrol::Setting>& settings) const;

    Agent& agent_;
};

// How a server is reached that is to be trusted like this.
using Reach = std::function<std::unique_ptr<transport::Exchange>(const transport::Trust&)>;
Reach over_libcurl();  // from this process

class Enrolling {
  public:
    // token: a PKCS#11 URI for new keys, of a token or of a key in it; empty: files. The agent outlives this object.
    explicit Enrolling(Agent& agent, std::string token = {});

    // For an enrolment that exists: keys are where its key is.
    Enrolling(Agent& agent, const enrol::Record& record);

    // Fault not_found when the device can't say who it is.
    Result<enrol::Means> means(Reach reach = over_libcurl());
    platform::Keystore& keys() { return *keys_; }
    platform::StateFiles& files() { return *files_; }

    // Every enrolment that is finished, with what is to be said about it.
    static Result<std::vector<enrol::Record>> enrolled(Agent& agent);

  private:
    Agent& agent_;
    std::unique_ptr<platform::Keystore> keys_;
    std::unique_ptr<platform::StateFiles> files_;
    AccountRegistrar registrar_;
};

// What an enrolment left besides the account's rows: files, keys and its record. For accounts that were not enrolled
// there is nothing to do.
Outcome forget_enrolment(Agent& agent, const std::string& provider);

}  // namespace steward::app
