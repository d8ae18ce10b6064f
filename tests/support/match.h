// Whether what a client sent is what a transcript expects.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agent/syncml/message.h"
#include "tests/support/placeholders.h"
#include "tests/support/transcript.h"

namespace steward::transcript {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

// One message of the client; or a package of several, gathered into one.
struct Received {
    syncml::Header header;                  // of the last message
    std::vector<syncml::Command> commands;  // of all of them; chunks of one object are joined
    bool final = false;
    std::string body;  // of the last message
    std::string content_type, hmac, url;
    std::optional<HttpHeaders> http;  // nullopt: there was no HTTP, so that nothing can be said of headers
};

struct Finding {
    std::size_t line = 0;  // of the transcript; 0: a rule of the protocol
    bool passed = false;
    std::string what;  // the expectation or the rule
    std::string seen;  // when it failed: what was there instead
};

std::vector<Finding> compare(const std::vector<Expectation>& expected, const Received& received, const Values& values);

// Puts the commands of a further message behind those of the package so far.
void gather(std::vector<syncml::Command>& package, std::vector<syncml::Command> more);

}  // namespace steward::transcript
