#include <iostream>

#include "agent/app/grammar.h"
#include "platform/program.h"
#include "platform/terminal.h"

namespace steward::app {
namespace {

int print(const std::string& page) {
    std::cout << page;
    return exit_ok;
}

int run(const std::vector<std::string>& words) {
    if (words.empty() || words.front() == "--help" || words.front() == "help" || words.front() == "-h")
        return print(help_page());
    const std::string name = words.front() == "--version" ? "version" : words.front();
    for (const auto& verb : verbs()) {
        if (verb.name != name) continue;
        auto known = verb.options;
        const auto& everywhere = options_of_every_verb();
        known.insert(known.end(), everywhere.begin(), everywhere.end());
        auto options = Options::parse({words.begin() + 1, words.end()}, known, verb.most_positional);
        if (!options) return usage(options.error().what, verb.name);
        if (options->has("help")) return print(help_page(verb));
        Call call{std::move(*options), {}, false, platform::is_terminal(platform::standard_error)};
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
    return steward::app::run(steward::platform::begin_program(count, words));
}
