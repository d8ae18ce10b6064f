// The outcome of a run, for machines and for the last line.
#pragma once

#include <string>
#include <vector>

#include "tests/server/service.h"

namespace steward::server {

std::string to_json(const std::vector<Played>& played);
std::string summary(const std::vector<Played>& played);  // "3 transcripts played, 2 passed; 41 expectations, 1 failed"
bool all_passed(const std::vector<Played>& played);

}  // namespace steward::server
