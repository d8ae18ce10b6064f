// The part of the command line that is about enrolment.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "platform/base/result.h"
#include "tests/server/enrolment.h"
#include "tests/server/faults.h"
#include "tests/server/trust.h"

namespace steward::server {

// As written; the names are those of the options.
struct EnrolmentWords {
    std::string policy, as = "plain", identify_by = "either", poll;
    std::vector<std::string> users, secret_files, faults;
    std::size_t fault_times = 0;  // 0: always
};

// Fills in what is not in EnrolmentSettings as such. Reads the files with secrets. Fault::invalid: a sentence about an
// option; enrolment is on where one of the options is about it.
Outcome complete(const EnrolmentWords& words, EnrolmentSettings& settings, IdentifyBy& by,
                 std::vector<ChosenFault>& faults);

std::string habits_listed();  // one line each, for --help
std::string faults_listed();

}  // namespace steward::server
