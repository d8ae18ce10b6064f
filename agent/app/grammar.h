// The command line as a whole: every verb, and what is printed from them: help, the manual page, and completion for
// shells. There is no second list of verbs or options.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/app/verb.h"

namespace steward::app {

std::vector<Verb> verbs();
const std::vector<Option>& options_of_every_verb();

std::string help_page();
std::string help_page(const Verb& verb);

std::string manual_page();  // steward(1), in the language of man(7)

// A script for bash, zsh or fish; Fault::invalid for any other shell.
Result<std::string> completion_script(std::string_view shell);

// Addresses of declared nodes that continue what was typed, one level further; what has children ends in a slash.
std::vector<std::string> uri_candidates(std::string_view typed);

}  // namespace steward::app
