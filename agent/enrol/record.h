// One enrolment as it is remembered between steps: what was asked, what was found, and the identity that came of it.
// Passwords and tokens are never part of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/enrol/discovery.h"
#include "agent/enrol/provisioning.h"
#include "agent/store/enrolments.h"
#include "agent/transport/exchange.h"
#include "platform/base/clock.h"
#include "platform/base/result.h"

namespace steward::enrol {

// What has been done, in this order.
enum class Step : std::uint8_t { begun, discovered, keyed, issued, enrolled };

const char* name_of(Step step);

// A key and the certificate for it.
struct Identity {
    int number = 1;  // grows with each renewal
    std::string key;
    std::string certificate_file;  // full path, PEM, the chain behind the certificate; empty: not issued yet
    std::string subject, issuer, fingerprint;
    Instant not_before{}, not_after{};
};

struct Record {
    std::string id;
    Step step = Step::begun;
    Instant begun{};
    std::string user;
    std::string url;         // where discovery begins
    transport::Trust trust;  // how the services are reached; without a client certificate
    bool by_person = true;
    Discovered discovered;
    int key_bits = 2048;
    std::string document;  // the provisioning document, from issued to enrolled
    std::string provider;  // the account's id
    Identity identity;

    Renewal renewal;
    std::optional<Instant> last_attempt;  // of a renewal
    std::int64_t failures = 0;            // renewals in a row that failed
    std::string last_error;               // why, for people
    std::optional<Identity> next;         // asked for, not in force yet
    std::optional<Identity> previous;     // kept until the one in force has worked once

    std::string label_of(int number) const { return "enrolment-" + id + "-" + std::to_string(number); }
    // Files of an enrolment that has no account yet; gone when it has one.
    std::string waiting_folder() const { return "/enrolments/" + id; }
    std::string folder() const;  // "/enrolments/{SHA-256 of the provider}", in state files
};

Result<std::vector<Record>> all_records(const store::Enrolments& rows);  // oldest first
Result<Record> load_record(const store::Enrolments& rows, const std::string& id);
Outcome save_record(store::Enrolments& rows, const Record& record);

}  // namespace steward::enrol
