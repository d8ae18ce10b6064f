// Where an enrolment ends: the account that sessions use. Implemented over the desired state by agent/app.
#pragma once

#include <string>
#include <vector>

#include "agent/enrol/provisioning.h"
#include "agent/transport/exchange.h"
#include "platform/base/result.h"

namespace steward::enrol {

struct Registrar {
    virtual ~Registrar() = default;

    virtual bool knows(const std::string& provider) const = 0;

    // The account with all its settings as rows of its own authority: durable together, or none of them.
    virtual Outcome enter(const Provisioning& provisioning, const transport::Trust& trust) = 0;

    // Another client certificate for the account, and settings below its provider node; durable together.
    virtual Outcome replace_identity(const std::string& provider, const std::string& certificate_file,
                                     const std::string& key_source, const std::vector<Setting>& settings) = 0;

    virtual std::string certificate_file_of(const std::string& provider) const = 0;  // in force; empty: none
    virtual std::string server_id_of(const std::string& provider) const = 0;  // EntDMID; empty: the server set none
};

}  // namespace steward::enrol
