// An enrolment from the first question to the account, in steps that are each remembered: killed at any point, it goes
// on where it was, or leaves nothing. Source: MS-MDE2 1.3 and 3, protocol sheet 10.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "agent/enrol/credentials.h"
#include "agent/enrol/facts.h"
#include "agent/enrol/record.h"
#include "agent/enrol/registrar.h"
#include "agent/transport/exchange.h"
#include "platform/base/clock.h"
#include "platform/keystore.h"
#include "platform/state_files.h"

namespace steward::enrol {

// How the person, or a file in their place, signs in. Asked only when the server has said which way it wants.
struct SignIn {
    virtual ~SignIn() = default;
    virtual bool has_certificate() const { return false; }
    virtual Result<Credentials> credentials(const Discovered& discovered, const std::string& user) = 0;
};

// Everything an enrolment works with; all of it outlives the enrolment.
struct Means {
    std::function<std::unique_ptr<transport::Exchange>(const transport::Trust&)> connect;
    platform::Keystore& keys;
    platform::StateFiles& files;
    store::Enrolments& rows;
    Registrar& registrar;
    const Clock& clock;
    DeviceFacts facts;
};

struct Wish {
    std::string user;
    std::string url;         // where discovery begins; empty: by the user's domain
    transport::Trust trust;  // files as full paths
    // PEM: what trust.ca_file holds. It is kept with the enrolment, and the copy named from then on: the service may
    // not read everything that whoever enrols can. Empty: trust goes as it is.
    std::string authorities = {};
    std::vector<std::string> roots = {};  // DER: authorities that vouch for the servers besides, from a signed file
    bool by_person = true;
    Discovered services = {};  // with a service_url: discovery is skipped, the file named them
};

using Progress = std::function<void(const std::string& line)>;

class Enrolment {
  public:
    Enrolment(Means means, SignIn& sign_in, Progress progress)
        : means_(std::move(means)), sign_in_(sign_in), progress_(std::move(progress)) {}

    // Leaves of earlier attempts that did not finish are cleaned up first. When time alone can heal a failure (no
    // connection, maintenance) the record stays and resume() goes on; after any other nothing is left.
    Result<Record> begin(const Wish& wish);

    // The oldest that is not finished; Fault not_found: there is none.
    Result<Record> resume();

    // A provisioning document that holds the account itself, and no certificate for a key that is not here.
    Result<Record> apply(const Provisioning& provisioning, const transport::Trust& trust);

  private:
    Result<Record> proceed(Record record);
    Outcome discover_services(Record& record);
    Outcome make_key(Record& record);
    Outcome ask(Record& record);
    Outcome finish(Record& record);
    Outcome enter(Record& record, const Provisioning& provisioning);

    Means means_;
    SignIn& sign_in_;
    Progress progress_;
};

// Takes away what this enrolment left on the device besides the account's rows: its keys, files and record. Complete
// even when parts are gone already.
Outcome forget(const Record& record, platform::Keystore& keys, platform::StateFiles& files, store::Enrolments& rows);

// The certificate among these that is for that key, ready to be shown to a server: itself and the chain behind it.
struct Chosen {
    Identity identity;
    std::string pem;
};
// Fault invalid: there is none, or it is over already.
Result<Chosen> choose_identity(const Provisioning& provisioning, const std::string& key, int number,
                               const std::string& folder, const Means& means);

}  // namespace steward::enrol
