// Steward as a service of Windows: put there, taken away, and what the service control manager starts.
#include "agent/app/windows/service.h"

#include <iostream>

#include "platform/windows/service_control.h"
#include "platform/windows/services.h"

namespace steward::app {
namespace {

constexpr const char* service_name = "Steward";

// The options of `steward run` and of every verb, so that a service can be installed with them.
std::vector<std::string> passed_on(const Options& options) {
    std::vector<std::string> words;
    for (const auto* name : {"root", "state", "log", "package0", "poll-floor"}) {
        if (!options.has(name)) continue;
        words.push_back("--" + std::string(name));
        words.push_back(options.get(name));
    }
    return words;
}

int install(const Call& call) {
    platform::ServiceSpec spec;
    spec.name = service_name;
    spec.title = "Steward device management";
    spec.about = "Keeps this device as its management server wants it (OMA-DM).";
    spec.command = {platform::own_program(), "service", "run"};
    for (auto& word : passed_on(call.options)) spec.command.push_back(std::move(word));
    if (auto installed = platform::install_service(spec); !installed) return report(installed.error());
    std::cout << "The service " << service_name << " is installed.\n";
    if (!call.options.has("start")) return exit_ok;
    if (auto started = platform::start_service(service_name); !started) return report(started.error());
    std::cout << "It is started.\n";
    return exit_ok;
}

int uninstall() {
    if (auto gone = platform::uninstall_service(service_name); !gone) return report(gone.error());
    std::cout << "There is no service " << service_name << " any more.\n";
    return exit_ok;
}

int serve(const Call& call) {
    auto served = platform::be_service(service_name, [&] { return run_verb().run(call); });
    if (served) return *served;
    auto error = std::move(served).error();
    if (error.fault == Fault::refused) error.what += " At a console it is `steward run`.";
    return report(error);
}

int run(const Call& call) {
    const auto& words = call.options.positional();
    const std::string what = words.empty() ? std::string() : words.front();
    if (what == "install") return install(call);
    if (what == "uninstall") return uninstall();
    if (what == "run") return serve(call);
    return usage("One of install, uninstall and run is needed.", "service");
}

}  // namespace

Verb service_verb() {
    auto options = run_verb().options;
    options.push_back({"start", "", "install: start it, too"});
    return {"service",
            "be a service of Windows, or have one",
            "install [--start] | uninstall | run",
            options,
            1,
            "  steward service install --start\n  steward service uninstall\n",
            run};
}

}  // namespace steward::app
