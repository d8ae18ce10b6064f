#include "agent/app/verb.h"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>

#include "platform/base/path.h"
#include "platform/base/pause.h"

namespace steward::app {
namespace {

constexpr std::size_t largest_input = 64u << 20;
constexpr std::chrono::milliseconds between_tries{50}, longest_wait{5000};

const char* next_command(Fault fault) {
    switch (fault) {
        case Fault::denied:
            return "Run it as root, or give --state a directory of your own.";
        case Fault::busy:
            return "Wait for the other one to finish, then try again.";
        case Fault::full:
            return "Free some disk space, then try again.";
        case Fault::timeout:
        case Fault::io:
            return "Check the network and the server's address with \"steward account list\".";
        default:
            return "";
    }
}

}  // namespace

int report(const Error& error) {
    std::cerr << "steward: " << error.what << "\n";
    if (!error.evidence.empty()) std::cerr << "         seen: " << error.evidence << "\n";
    if (*next_command(error.fault) != '\0') std::cerr << "         next: " << next_command(error.fault) << "\n";
    const bool state = error.fault == Fault::denied || error.fault == Fault::busy || error.fault == Fault::store;
    return state ? exit_state : exit_failed;
}

int usage(const std::string& sentence, const std::string& verb) {
    std::cerr << "steward: " << sentence << "\n         next: steward" << (verb.empty() ? "" : " " + verb)
              << " --help\n";
    return exit_usage;
}

Result<std::unique_ptr<Agent>> open_to_change(const Places& places) {
    for (auto waited = std::chrono::milliseconds(0);; waited += between_tries) {
        auto agent = Agent::open(places, Purpose::change);
        if (agent || agent.error().fault != Fault::busy || waited >= longest_wait) return agent;
        (void)pause({}, between_tries);
    }
}

Result<std::string> read_input(const std::string& file) {
    std::ostringstream content;
    if (file == "-") {
        content << std::cin.rdbuf();
    } else {
        std::ifstream input(path_of(file), std::ios::binary);
        if (!input) return Error{Fault::not_found, "The file \"" + file + "\" cannot be read.", file};
        content << input.rdbuf();
    }
    std::string text = std::move(content).str();
    if (text.size() > largest_input) return Error{Fault::too_large, "\"" + file + "\" is larger than 64 MiB.", file};
    return text;
}

Result<std::string> read_secret(const std::string& file) {
    std::string line;
    if (file == "-") {
        std::getline(std::cin, line);
    } else {
        auto content = read_input(file);
        if (!content) return content;
        line = std::move(*content);
    }
    line.resize(std::min(line.size(), line.find_first_of("\r\n")));
    if (line.empty()) return Error{Fault::incomplete, "\"" + file + "\" is empty: it must hold the secret.", {}};
    return line;
}

Result<std::string> proxy_of(const Options& options) {
    if (options.has("proxy-file")) return read_secret(options.get("proxy-file"));
    auto address = options.get("proxy");
    const auto user = std::string_view(address).substr(0, std::min(address.size(), address.rfind('@')));
    if (user.size() < address.size() && user.find(':', user.find("://") + 1) != std::string::npos) {
        return Error{Fault::invalid,
                     "The proxy's address holds a password, which must not stand on a command line: give it with "
                     "--proxy-file.",
                     {}};
    }
    return address;
}

}  // namespace steward::app
