// What every certificate node tells of the certificate in it, whatever store it stands in.
#pragma once

#include <string>

#include "csp/csp.h"
#include "platform/certificates.h"

namespace steward::csp {

// Adds IssuedBy, IssuedTo, ValidFrom, ValidTo and TemplateName below `row`, which ends in the dynamic segment.
Csp certificate_told(Csp csp, const std::string& row, platform::Table<platform::StoredCertificate>& store);

}  // namespace steward::csp
