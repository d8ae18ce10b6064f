#include <unistd.h>

#include <iostream>

#include "agent/app/verb.h"

namespace steward::app {
namespace {

const std::vector<Option>& everywhere() {
    static const std::vector<Option> options = {
        {"root", "DIR", "manage the device below DIR instead of /"},
        {"state", "DIR", "keep Steward's own state in DIR (default: ROOT/var/lib/steward)"},
        {"json", "", "print JSON"},
        {"help", "", "explain this command"},
    };
    return options;
}

std::vector<Verb> verbs() {
    return {status_verb(), sync_verb(),    tree_verb(),     why_verb(),   plan_verb(), syncml_verb(),
            enroll_verb(), account_verb(), unenroll_verb(), audit_verb(), run_verb(),  version_verb()};
}

int help() {
    std::cout << "steward manages this computer for an OMA-DM server, and says what is really true on it.\n\n"
                 "Usage: steward VERB [WORDS] [OPTIONS]\n\n";
    for (const auto& verb : verbs()) {
        std::string line = verb.name;
        line.resize(10, ' ');
        std::cout << "  " << line << verb.about << "\n";
    }
    std::cout << "\nOptions of every verb:\n"
              << describe(everywhere())
              << "\nExit codes: 0 done, 1 what was asked for failed, 2 the command line does not fit,\n"
                 "3 the state cannot be used, 4 a session did not finish as it should.\n\n"
                 "Examples:\n"
                 "  steward enroll ann@corp.example\n"
                 "  steward account add corp --url https://mdm.example/dm --user dev-1 --secret-file pw\n"
                 "  steward sync\n"
                 "  steward status --json\n"
                 "  steward why ./Device/Vendor/MSFT/Policy/Config/DeviceLock/MinDevicePasswordLength\n";
    return exit_ok;
}

int help(const Verb& verb) {
    std::cout << "steward " << verb.name << ": " << verb.about << "\n\nUsage: steward " << verb.name << " "
              << verb.synopsis << "\n\n";
    if (!verb.options.empty()) std::cout << "Options:\n" << describe(verb.options) << "\n";
    std::cout << "Options of every verb:\n" << describe(everywhere()) << "\nExamples:\n" << verb.examples;
    return exit_ok;
}

int run(const std::vector<std::string>& words) {
    if (words.empty() || words.front() == "--help" || words.front() == "help" || words.front() == "-h") return help();
    const std::string name = words.front() == "--version" ? "version" : words.front();
    for (const auto& verb : verbs()) {
        if (verb.name != name) continue;
        auto known = verb.options;
        known.insert(known.end(), everywhere().begin(), everywhere().end());
        auto options = Options::parse({words.begin() + 1, words.end()}, known, verb.most_positional);
        if (!options) return usage(options.error().what, verb.name);
        if (options->has("help")) return help(verb);
        Call call{std::move(*options), {}, false, ::isatty(STDERR_FILENO) != 0};
        call.places.root = call.options.get("root", "/");
        call.places.state = call.options.get("state");
        call.json = call.options.has("json");
        return verb.run(call);
    }
    return usage("There is no verb \"" + name + "\".", {});
}

}  // namespace
}  // namespace steward::app

int main(int count, char** words) {
    return steward::app::run({words + 1, words + count});
}
