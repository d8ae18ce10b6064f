// The command line of steward-testserver.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/base/result.h"
#include "tests/server/enrolment.h"
#include "tests/server/faults.h"
#include "tests/server/trace.h"
#include "tests/server/trust.h"
#include "tests/support/transcript.h"

namespace steward::server {

struct Options {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8443;
    bool http = false;
    std::vector<std::string> names;  // in the certificate
    std::string ca_out;              // where to write the CA certificate; empty: nowhere
    bool mutual_tls = false;
    std::string client_ca;  // PEM file; empty: our own CA
    std::string client_cert_out, client_key_out;
    std::vector<std::string> transcripts;  // files and directories
    std::string personality = "plain";
    std::string commands;  // file
    transcript::ClientProof auth;
    transcript::ServerProof server_auth;
    std::string provider = "TestServer";
    EnrolmentSettings enrolment;
    IdentifyBy identify_by = IdentifyBy::either;
    std::vector<ChosenFault> faults;
    std::string admin;               // path of the UNIX socket; empty: none
    std::string push_name, push_ca;  // PFN for devices; PEM file for their channels
    std::string rekey_user = "rekeyed", rekey_secret = "rekeyed-secret";
    bool wbxml = false;
    std::size_t max_message = 0;
    std::optional<std::chrono::milliseconds> delay;
    std::optional<std::chrono::seconds> busy;
    std::size_t once = 0;  // sessions; 0: until stopped
    std::size_t connections = 64;
    std::chrono::seconds patience{60};
    TraceLevel trace = TraceLevel::lines;
    std::string json;  // file, "-" for stdout, empty: none
    std::string help;  // not empty: print this and stop
};

Result<Options> parse_options(int count, const char* const* words);

}  // namespace steward::server
