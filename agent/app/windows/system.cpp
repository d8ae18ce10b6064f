#include "agent/app/system.h"

#include "agent/app/windows/service.h"

namespace steward::app {

std::vector<Verb> verbs_of_this_system() {
    return {service_verb()};
}

std::vector<Option> network_options() {
    return {};
}

Result<std::unique_ptr<Network>> network_for(const Options&) {
    return own_network();
}

}  // namespace steward::app
