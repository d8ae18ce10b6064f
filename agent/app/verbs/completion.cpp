// What other programs are told about this one: completion for shells, and the manual page.
#include <iostream>

#include "agent/app/grammar.h"

namespace steward::app {
namespace {

int run(const Call& call) {
    const auto& words = call.options.positional();
    if (call.options.has("uris")) {
        for (const auto& uri : uri_candidates(call.options.get("uris"))) std::cout << uri << "\n";
        return exit_ok;
    }
    if (call.options.has("manual")) {
        std::cout << manual_page();
        return exit_ok;
    }
    if (words.empty()) return usage("Which shell is missing: bash, zsh or fish.", "completion");
    auto script = completion_script(words.front());
    if (!script) return usage(script.error().what, "completion");
    std::cout << *script;
    return exit_ok;
}

}  // namespace

Verb completion_verb() {
    return {"completion",
            "print completion for a shell, or the manual page",
            "bash | zsh | fish | --uris TEXT | --manual",
            {{"uris", "TEXT", "addresses of nodes that begin with TEXT"}, {"manual", "", "the manual page steward(1)"}},
            1,
            "  source <(steward completion bash)\n"
            "  steward completion --manual | man -l -\n",
            run};
}

}  // namespace steward::app
