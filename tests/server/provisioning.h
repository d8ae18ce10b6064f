// The wap-provisioningdoc that ends an enrolment or a renewal. Source: MS-MDE2 2.2.9, protocol sheet 10.8.
#pragma once

#include <string>

#include "tests/server/certificate.h"
#include "tests/server/habits.h"
#include "tests/server/registry.h"

namespace steward::server {

struct Provisioning {
    CertificateFacts root;
    Device device;                               // whose certificate and account
    std::string address;                         // of the sessions
    std::string server_name;                     // NAME, for people
    std::string client_nonce_as_written;         // AAUTHDATA of APPSRV
    bool on_behalf = true;                       // ROBOSupport
    long renew_period = 42, retry_interval = 7;  // days
    Poll poll;
    bool renewal = false;  // certificate and PROVIDER-ID only
};

std::string provisioning_document(const Provisioning& provisioning, const Habits& habits);

}  // namespace steward::server
