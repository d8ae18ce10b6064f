// One word of the command line: what it takes, what it says in --help, what it does.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "agent/app/agent.h"
#include "agent/app/options.h"
#include "platform/base/result.h"

namespace steward::app {

// Documented in steward(1) and `steward --help`; scripts rely on them.
enum Exit : int {
    exit_ok = 0,
    exit_failed = 1,   // the thing asked for failed
    exit_usage = 2,    // the command line does not fit
    exit_state = 3,    // the state cannot be used: no right, damaged, busy
    exit_session = 4,  // a session did not finish as it should
};

struct Call {
    Options options;
    Places places;
    bool json = false;
    bool terminal = false;  // standard error is one: progress may be shown
};

struct Verb {
    std::string name;
    std::string about;     // one line
    std::string synopsis;  // "URI", "[FILE]"
    std::vector<Option> options;
    std::size_t most_positional = 0;
    std::string examples;  // lines for --help
    int (*run)(const Call& call);
};

// Says on standard error what failed, why, and what to do next; returns the exit code that fits.
int report(const Error& error);
int usage(const std::string& sentence, const std::string& verb);

// The agent for a change. The service holds the state for moments only, so these seconds are waited for it; who holds
// it longer is in the midst of a session: Fault::busy.
Result<std::unique_ptr<Agent>> open_to_change(const Places& places);

// The whole of a file, or of standard input for "-".
Result<std::string> read_input(const std::string& file);

// What must not stand on a command line: the first line of a file, or the next one of standard input for "-".
// Fault incomplete: there is none, or it is empty.
Result<std::string> read_secret(const std::string& file);

// What --proxy says, or --proxy-file where its address holds a password. Fault invalid: it stands on the command line.
Result<std::string> proxy_of(const Options& options);

// verbs/*.cpp
Verb status_verb();
Verb sync_verb();
Verb tree_verb();
Verb why_verb();
Verb plan_verb();
Verb syncml_verb();
Verb account_verb();
Verb run_verb();
Verb unenroll_verb();
Verb audit_verb();
Verb enroll_verb();
Verb completion_verb();
Verb version_verb();
Verb updates_verb();
Verb wipe_verb();

}  // namespace steward::app
