// Between UpdateRules and what stands in apt's configuration; no file is touched here.
#pragma once

#include <string>

#include "platform/base/clock.h"
#include "platform/linux/apt.h"
#include "platform/linux/update_rules.h"

namespace steward::platform {

// The text of our drop-in for apt.conf.d; empty: none is needed. kept_since: as pause_of() has it.
Result<std::string> apt_drop_in(const UpdateRules& rules, Instant now, const std::string& kept_since);

// What the options in force amount to, while we are called every hour or not.
void read_options(const Apt::Options& options, bool called_hourly, Instant now, UpdateRules& rules);

// Our own words among the options.
KeptWords kept_words(const Apt::Options& options);

bool looks_as_we_say(const Apt::Options& options);  // whether lists are fetched whenever the timer says so
void obey_nobody(Apt::Options& options);            // as if nothing installed updates by itself

}  // namespace steward::platform
