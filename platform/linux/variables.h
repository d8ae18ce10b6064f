// Files of NAME=value lines in shell quoting: os-release, locale.conf, the session files of logind.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "platform/linux/files.h"

namespace steward::platform {

using Variables = std::map<std::string, std::string, std::less<>>;

// Comments and lines without "=" are skipped; one pair of quotes is taken off. Nothing is expanded.
Variables variables_of(std::string_view text);

// The same for a file; empty when it can't be read.
Variables read_variables(const Files& files, std::string_view path);

// The value when there is one and it is not empty.
std::optional<std::string> find_variable(const Variables& variables, std::string_view name);

}  // namespace steward::platform
