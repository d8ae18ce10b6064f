// From the options to what is played.
#pragma once

#include "platform/base/result.h"
#include "tests/server/options.h"
#include "tests/server/service.h"

namespace steward::server {

// Reads the transcripts and the file of commands. Errors name the file and the line.
Result<Programme> programme_of(const Options& options);

}  // namespace steward::server
