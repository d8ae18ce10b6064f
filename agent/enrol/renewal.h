// A new certificate before the old one expires, with a new key each time (ROBO). Source: MS-MDE2 3.5, CertificateStore
// DDF (My/WSTEP/Renew), protocol sheet 10.11.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "agent/enrol/enrolment.h"
#include "agent/enrol/record.h"
#include "platform/base/clock.h"
#include "platform/base/result.h"

namespace steward::enrol {

struct RenewalFacts {
    Instant not_before{}, not_after{};
    Renewal terms;
    std::optional<Instant> last_attempt;  // since the certificate was issued; nullopt: none
};

// When to renew next, never after the certificate's end. The first time is RenewPeriod days before the end if the
// server stated a period that begins in the last two thirds of the lifetime, else when two thirds of it are over. After
// a failure it is the retry interval later, but sooner as the end comes near, so that at least a dozen tries fit in.
// jitter in [0, 1) moves a try within a day, so that it does not meet the same nightly hole again and again. nullopt:
// expired, or renewal is not allowed.
std::optional<Instant> next_renewal(Instant now, const RenewalFacts& facts, double jitter);
RenewalFacts facts_for(const Record& record);

// Asks with the old certificate for one for a new key and puts it in force; the old identity stays beside it until
// confirm(). A failure leaves the old one in force, is remembered in the record, and the key that was made is used for
// the next try.
// Fault denied with an explanation when the certificate has expired: nothing but enrolling again helps then.
Outcome renew(Record& record, const Means& means);

// The identity in force has worked: what is left of the one before goes. Nothing to do without one.
Outcome confirm(Record& record, const Means& means);

// The identity in force was refused: the one before, if it is still valid, is in force again, and the next renewal is
// due at the retry interval. Fault not_found: there is none.
Outcome fall_back(Record& record, const Means& means);

}  // namespace steward::enrol
