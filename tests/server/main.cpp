#include <unistd.h>
#include <csignal>
#include <iostream>

#include "tests/server/options.h"
#include "tests/server/remote.h"
#include "tests/server/server.h"

namespace {

std::atomic<bool> stop{false};
std::atomic<int> wake{-1};
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

void on_signal(int) {
    stop = true;
    const char byte = 0;
    // A full pipe wakes the server as well, so that a failure here changes nothing.
    if (wake >= 0 && write(wake, &byte, 1) < 0) return;
}

}  // namespace

int main(int count, char** words) {
    using namespace steward::server;
    const std::vector<std::string> verb(words + (count > 0 ? 1 : 0), words + count);
    if (const auto code = run_verb(verb, std::cout, std::cerr)) return *code;
    const auto options = parse_options(count, words);
    if (!options) {
        std::cerr << "steward-testserver: " << options.error().what << " See steward-testserver --help.\n";
        return exit_usage;
    }
    if (!options->help.empty()) {
        std::cout << options->help;
        return exit_passed;
    }
    std::signal(SIGINT, on_signal);
    std::signal(SIGTERM, on_signal);
    return serve(*options, std::cout, std::cerr, stop, wake);
}
