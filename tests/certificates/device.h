// The whole way from a server's command to the certificates of a device, whose tool for its list of authorities is
// played: tree, store, CSPs and Linux code are real.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agent/store/database.h"
#include "agent/tree/tree.h"
#include "csp/contents.h"
#include "platform/linux/client_certificates.h"
#include "platform/linux/intermediates.h"
#include "platform/linux/trust.h"
#include "platform/linux/wifi.h"
#include "tests/certificates/authorities.h"
#include "tests/certificates/played_trust.h"
#include "tests/support/memory_host.h"
#include "tests/support/network_manager.h"
#include "tests/support/snapshot.h"

namespace steward::test {

inline tree::Operation change(tree::Verb verb, const std::string& uri, const std::string& data = {},
                              const std::string& format = "chr") {
    if (verb == tree::Verb::erase || verb == tree::Verb::get) return {verb, uri, {}, {}, {}, std::nullopt};
    return {verb, uri, {}, format, {}, data};
}

class CertificateDevice : public ::testing::Test {
  protected:
    using State = tree::Answer::State;
    using Verb = tree::Verb;

    CertificateDevice() {
        tool_.distribution = pem(0);
        root_.write(tool_.anchors() + "/company.crt", pem(1));
        root_.write("/etc/steward/encryption.conf", "");
        tool_.install();
        EXPECT_TRUE(policies_.load());
    }

    std::vector<tree::Answer> run(const std::vector<tree::Operation>& operations) {
        return tree_.run(server_, operations);
    }
    tree::Answer one(Verb verb, const std::string& uri, const std::string& data = {},
                     const std::string& format = "chr") {
        return run({change(verb, uri, data, format)}).front();
    }
    std::string get(const std::string& uri) {
        const auto answer = one(Verb::get, uri);
        return answer.state == State::done ? answer.found.front().data.value_or("") : answer.error.what;
    }
    void expect_done(const std::vector<tree::Answer>& answers) {
        for (const auto& answer : answers)
            EXPECT_EQ(answer.state, State::done) << answer.error.what << " " << answer.error.evidence;
    }
    Snapshot files() const { return snapshot_of(root_.path()); }

    TemporaryDirectory root_, data_;
    PlayedTrust tool_{root_};
    FixedClock clock_;
    platform::Files files_{root_.path()};
    platform::TrustAnchors anchors_{files_, tool_};
    platform::SystemTrust system_{anchors_};
    platform::Intermediates intermediates_{files_};
    platform::ClientCertificates clients_{files_};
    platform::PersonalCertificates personal_{files_};
    ScriptedBus bus_;
    PlayedNetworkManager manager_{bus_};
    platform::LinuxWifi wifi_{bus_, files_};
    MemoryHost memory_;
    platform::Host host_{memory_.clock,
                         memory_.identity,
                         memory_.health,
                         memory_.battery,
                         memory_.passwords,
                         memory_.logins,
                         memory_.adapters,
                         memory_.uplink,
                         memory_.updates,
                         memory_.host.update_lists,
                         memory_.update_facts,
                         memory_.update_deadline,
                         memory_.power,
                         memory_.restarts,
                         memory_.screens,
                         memory_.volumes,
                         memory_.encryption,
                         memory_.escrow,
                         memory_.recovery_keys,
                         {anchors_, system_, intermediates_, clients_, personal_},
                         wifi_,
                         memory_.network_guard,
                         memory_.wiper,
                         memory_.wireless};
    std::unique_ptr<store::Database> database_ = std::move(*store::Database::open(data_.below("/db").string()));
    store::Policies policies_{clock_, database_.get()};
    store::Actions actions_{clock_, database_.get()};
    tree::Tree tree_{csp::contents(host_), policies_, actions_};
    const tree::Context server_{"corp", "7"};
};

}  // namespace steward::test
