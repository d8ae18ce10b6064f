// When the certificate of an enrolment is renewed: what came with it, and what its server has set since
// (CertificateStore/MY/WSTEP/Renew).
#pragma once

#include "agent/enrol/record.h"
#include "agent/enrol/renewal.h"
#include "agent/store/policies.h"

namespace steward::app {

// Only the enrolment's own server has a say; what it takes back is again as it came with the certificate.
enrol::RenewalFacts renewal_facts(const store::Policies& policies, const enrol::Record& record);

}  // namespace steward::app
