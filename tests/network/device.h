// The whole way from a server's command to NetworkManager, which is played: tree, store, CSP and Linux code are real.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agent/app/network_trial.h"
#include "agent/store/database.h"
#include "agent/tree/tree.h"
#include "csp/contents.h"
#include "platform/linux/files.h"
#include "platform/linux/network_guard.h"
#include "platform/linux/wifi.h"
#include "tests/support/memory_host.h"
#include "tests/support/network_manager.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/wlan_documents.h"

namespace steward::test {

inline const std::string wifi_root = "./Device/Vendor/MSFT/WiFi/Profile/";

inline tree::Operation change(tree::Verb verb, const std::string& uri, const std::string& data = {}) {
    tree::Operation operation{verb, uri, {}, "chr", {}, data};
    if (verb == tree::Verb::erase || verb == tree::Verb::get) operation.data.reset();
    if (verb == tree::Verb::erase || verb == tree::Verb::get) operation.format.clear();
    return operation;
}

class NetworkedDevice : public ::testing::Test {
  protected:
    NetworkedDevice() { start(); }

    // What a process does that begins: the store is read, and the tree stands on it.
    void start() {
        tree_.reset();
        actions_.reset();
        policies_.emplace(clock_, database_.get());
        ASSERT_TRUE(policies_->load());
        actions_.emplace(clock_, database_.get());
        tree_.emplace(csp::contents(host_), *policies_, *actions_);
    }
    tree::Answer one(tree::Verb verb, const std::string& uri, const std::string& data = {}) {
        const std::vector<tree::Operation> operations = {change(verb, uri, data)};
        return tree_->run(server_, operations).front();
    }
    std::string get(const std::string& uri) {
        const auto answer = one(tree::Verb::get, uri);
        return answer.state == tree::Answer::State::done ? answer.found.front().data.value_or("") : answer.error.what;
    }
    // The networks by their identity: object paths change when one is made anew.
    std::map<std::string, std::string> networks() const {
        std::map<std::string, std::string> found;
        for (const auto& [path, settings] : manager_.connections) {
            const auto* security = settings.at("802-11-wireless-security");
            const auto* key = security != nullptr ? security->at("psk") : nullptr;
            found.emplace(settings.at("connection")->at("uuid")->as_text().value_or(""),
                          key != nullptr ? key->as_text().value_or("") : "");
        }
        return found;
    }
    std::map<std::string, std::string> wishes() const {
        std::map<std::string, std::string> found;
        for (const auto& [uri, rows] : policies_->all()) {
            for (const auto& row : rows) found.emplace(uri + " of " + row.authority, row.data);
        }
        return found;
    }

    TemporaryDirectory root_;
    FixedClock clock_;
    std::unique_ptr<store::Database> database_ = std::move(*store::Database::open(root_.below("/db").string()));
    platform::Files files_{root_.path()};
    ScriptedBus bus_;
    PlayedNetworkManager manager_{bus_};
    platform::LinuxWifi wifi_{bus_, files_};
    platform::CheckpointGuard guard_{bus_};
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
                         memory_.host.certificates,
                         wifi_,
                         guard_,
                         memory_.wiper,
                         memory_.wireless};
    std::optional<store::Policies> policies_;
    std::optional<store::Actions> actions_;
    std::optional<tree::Tree> tree_;
    const tree::Context server_{"corp", "7"};
};

}  // namespace steward::test
