// Runs a SyncML body on this device and prints the answer.
#include <iostream>

#include "agent/app/json.h"
#include "agent/app/local.h"
#include "agent/app/verb.h"

namespace steward::app {
namespace {

int run(const Call& call) {
    if (call.options.positional().empty()) return usage("A file is missing; - is standard input.", "syncml");
    auto body = read_input(call.options.positional().front());
    if (!body) return report(body.error());
    auto agent = open_to_change(call.places);
    if (!agent) return report(agent.error());
    auto answer = run_locally(**agent, *body);
    if (!answer) return report(answer.error());
    if (call.json) {
        std::cout << Json::object().set("answer", *answer).text();
    } else {
        std::cout << *answer << "\n";
    }
    return exit_ok;
}

}  // namespace

Verb syncml_verb() {
    return {"syncml",
            "run a SyncML body on this device, as an authority of its own, and print the answer",
            "FILE",
            {},
            1,
            "  steward syncml policy.xml\n"
            "  echo '<Get><CmdID>1</CmdID><Item><Target><LocURI>./DevInfo/Man</LocURI></Target></Item></Get>' |\n"
            "    steward syncml -\n",
            run};
}

}  // namespace steward::app
