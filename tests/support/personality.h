// Servers that exist, as far as a client notices: their habits and, where they have one, what they ask for. Source:
// interop sheet 2.2 to 2.5.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "platform/base/result.h"
#include "tests/support/manner.h"
#include "tests/support/transcript.h"

namespace steward::transcript {

struct Personality {
    std::string name;
    std::string about;  // one sentence, for --help
    Manner manner;
    Transcript script;  // one session; exchanges may be empty: nothing to ask
};

struct Account {
    std::string provider = "TestServer";  // the client's name for this server: names the DMAcc account
    std::string user, secret;             // what the re-keying server sets
};

std::vector<std::string> personality_names();
Result<Personality> personality(std::string_view name, const Account& account = {});

}  // namespace steward::transcript
