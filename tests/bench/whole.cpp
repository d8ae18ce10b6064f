#include "tests/bench/whole.h"

#include "agent/session/session.h"
#include "agent/store/actions.h"
#include "agent/store/policies.h"
#include "agent/tree/tree.h"
#include "csp/csp.h"

namespace steward::bench {
namespace {

struct NoNonces final : session::NonceStore {
    void client_nonce(const std::string&) override {}
    void server_nonce(const std::string&) override {}
};

// The nodes that traffic() asks for and sets.
std::vector<csp::Csp> policies() {
    std::vector<csp::Csp> csps;
    csps.push_back(csp::Csp("./Device/Vendor/MSFT/Policy", "Settings of all kinds.")
                       .nodes({csp::kept("Config/{Area}/{Setting}", csp::Format::chr, "A setting."),
                               csp::value("Result/{Area}/{Setting}", csp::Format::chr, "What is effective.",
                                          [](const csp::Keys&) -> Result<std::string> { return std::string("7"); })}));
    return csps;
}

}  // namespace

bool whole_message(std::string_view server_message) {
    const FixedClock clock;
    store::Policies desired(clock);
    store::Actions actions(clock);
    tree::Tree tree(policies(), desired, actions);
    session::Settings settings;
    settings.server_id = "corp";
    settings.server_url = "https://mdm.corp.example/dm/session";
    settings.session_id = "7";
    settings.device = {"6F1D0C55B2E94A7C8C0E5A1122334455", "ACME", "Box 9", "1.3", "en-US"};
    NoNonces nonces;
    session::Session session(std::move(settings), tree, nonces);
    (void)session.open();
    const auto step = session.receive({200, "application/vnd.syncml.dm+xml", server_message, {}});
    return step.send.has_value();
}

}  // namespace steward::bench
