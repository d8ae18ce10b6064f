#include <iostream>

#include "agent/app/json.h"
#include "agent/app/verb.h"

namespace steward::app {

Verb version_verb() {
    return {"version", "print the version of this program", "", {}, 0, "  steward version\n", [](const Call& call) {
                if (call.json) {
                    std::cout << Json::object().set("version", STEWARD_VERSION).text();
                } else {
                    std::cout << "steward " << STEWARD_VERSION << "\n";
                }
                return int{exit_ok};
            }};
}

}  // namespace steward::app
