// Never saw off the branch: changes of the network that the server can't be reached over do not last.
#include <random>

#include "tests/network/device.h"

namespace steward::test {
namespace {

using app::NetworkTrial;
using tree::Verb;
using Verdict = NetworkTrial::Verdict;
using State = tree::Answer::State;

class Trial : public NetworkedDevice {
  protected:
    Trial() { settle("Office", "the good key"); }

    // A network over which the server has been reached.
    void settle(const std::string& name, const std::string& key) {
        NetworkTrial trial(*tree_, *tree_, *policies_, guard_, clock_);
        put(trial, Verb::add, name, key);
        EXPECT_EQ(*trial.reached(), Verdict::passed);
    }
    tree::Answer put(NetworkTrial& trial, Verb verb, const std::string& name, const std::string& key = {}) {
        const std::vector<tree::Operation> operations = {
            verb == Verb::erase ? change(verb, wifi_root + name)
                                : change(verb, wifi_root + name + "/WlanXml", wlan_personal(key, name))};
        return trial.run(server_, operations).front();
    }
};

TEST_F(Trial, WhatTheServerWasReachedOverStays) {
    EXPECT_EQ(networks().size(), 1U);
    EXPECT_TRUE(manager_.checkpoints.empty());
    EXPECT_EQ(wishes().size(), 1U) << "nothing is left of the trial";
    NetworkTrial trial(*tree_, *tree_, *policies_, guard_, clock_);
    EXPECT_EQ(*trial.reached(), Verdict::none);
    const std::vector<tree::Operation> gets = {change(Verb::get, wifi_root + "Office/WlanXml")};
    EXPECT_EQ(trial.run(server_, gets).front().state, State::done);
    EXPECT_FALSE(trial.open()) << "reading is no change";
    EXPECT_EQ(*trial.ended(), Verdict::none);
}

// 100 profiles that cut the device off: additions, replacements and deletions, in runs and in Atomics, and with a
// NetworkManager that stops answering at any call. Each time the old network and the old wishes return.
TEST_F(Trial, AHundredWrongProfilesNeverCutTheDeviceOff) {
    settle("Second", "another key");
    const auto good_networks = networks();
    const auto good_wishes = wishes();
    std::mt19937 random(5);
    int undone = 0, by_itself = 0;
    for (int round = 0; round < 100; ++round) {
        SCOPED_TRACE(round);
        bus_.calls.clear();
        if (round % 3 != 0) {
            bus_.fail_at = 1 + random() % 14;
            bus_.fail_with = {Fault::timeout, "NetworkManager did not answer in time.", {}};
        }
        NetworkTrial trial(*tree_, *tree_, *policies_, guard_, clock_);
        std::vector<tree::Operation> operations;
        for (auto count = 1 + random() % 3; count > 0; --count) {
            const std::string name = std::array{"Office", "Second", "Third"}[random() % 3];
            const auto uri = wifi_root + name + "/WlanXml";
            const bool known = name != "Third";
            const auto document = wlan_personal("wrong key " + std::to_string(round), name);
            if (random() % 4 == 0 && known) {
                operations.push_back(change(Verb::erase, wifi_root + name));
            } else {
                operations.push_back(change(known ? Verb::replace : Verb::add, uri, document));
            }
        }
        if (round % 2 == 0) {
            (void)trial.run(server_, operations);
        } else {
            (void)trial.run_atomic(server_, operations);
        }
        // The server does not answer any more.
        const bool was_open = trial.open();
        auto verdict = trial.ended();
        bus_.fail_at.reset();
        if (verdict && *verdict == Verdict::undone) ++undone;
        if (was_open && !verdict) {
            ++by_itself;
            manager_.time_passes();
            (void)tree_->sweep();
        }
        EXPECT_FALSE(trial.open());
        EXPECT_EQ(networks(), good_networks);
        EXPECT_EQ(wishes(), good_wishes);
        manager_.time_passes();
        EXPECT_EQ(networks(), good_networks) << "no checkpoint stays that could bring back something else";
    }
    EXPECT_GT(undone, 50);
    EXPECT_GT(by_itself, 0) << "the case in which only NetworkManager's own timer helps has to be among them";
    RecordProperty("undone", undone);
}

TEST_F(Trial, AGuardWhoseTimeIsUpIsNoSuccess) {
    const auto before = networks();
    NetworkTrial trial(*tree_, *tree_, *policies_, guard_, clock_);
    EXPECT_EQ(put(trial, Verb::replace, "Office", "the wrong key").state, State::done);
    manager_.time_passes();  // while the answer was tried again and again
    EXPECT_EQ(*trial.reached(), Verdict::undone);
    EXPECT_EQ(networks(), before);
    EXPECT_EQ(*trial.ended(), Verdict::none) << "said once";
}

TEST_F(Trial, ANewNetworkHasItsTimeToComeUpHoweverFewTriesAnAccountHas) {
    using std::chrono::milliseconds;
    constexpr auto soon = milliseconds(3000);
    NetworkTrial trial(*tree_, *tree_, *policies_, guard_, clock_);
    EXPECT_EQ(trial.next_wait(std::nullopt), std::nullopt) << "nothing is on trial";
    EXPECT_EQ(trial.next_wait(milliseconds(16'000)), milliseconds(16'000));
    EXPECT_EQ(put(trial, Verb::replace, "Office", "the new key").state, State::done);
    EXPECT_EQ(trial.next_wait(std::nullopt), soon);
    EXPECT_EQ(trial.next_wait(milliseconds(16'000)), soon) << "the time would be over meanwhile";
    EXPECT_EQ(trial.next_wait(milliseconds(7)), milliseconds(7));
    clock_.time += std::chrono::seconds(49);
    EXPECT_EQ(trial.next_wait(std::nullopt), soon);
    clock_.time += std::chrono::seconds(1);
    EXPECT_EQ(trial.next_wait(std::nullopt), std::nullopt) << "before the guard acts by itself";
    EXPECT_EQ(trial.next_wait(milliseconds(16'000)), milliseconds(16'000));
    EXPECT_EQ(put(trial, Verb::replace, "Office", "a newer key").state, State::done);
    EXPECT_EQ(trial.next_wait(std::nullopt), soon) << "a further change has its own time";
    EXPECT_EQ(*trial.reached(), Verdict::passed);
    EXPECT_EQ(trial.next_wait(std::nullopt), std::nullopt);
}

TEST_F(Trial, APowerCutDuringATrialBringsTheOldWishesBack) {
    const auto before = networks();
    const auto wanted = wishes();
    {
        NetworkTrial trial(*tree_, *tree_, *policies_, guard_, clock_);
        EXPECT_EQ(put(trial, Verb::replace, "Office", "the wrong key").state, State::done);
        EXPECT_EQ(put(trial, Verb::add, "Third", "the wrong key").state, State::done);
        EXPECT_NE(networks(), before);
    }
    start();  // nobody said keep() or undo()
    auto whose = app::abandon_network_trial(*policies_);
    ASSERT_TRUE(whose) << whose.error().what;
    EXPECT_EQ(*whose, "corp");
    (void)tree_->sweep();
    EXPECT_EQ(networks(), before);
    EXPECT_EQ(wishes(), wanted);
    whose = app::abandon_network_trial(*policies_);
    EXPECT_EQ(*whose, std::nullopt);
    start();
    EXPECT_EQ(wishes(), wanted);
}

TEST_F(Trial, WithoutAGuardTheNetworkIsLeftAloneAndTheRestGoesOn) {
    bus_.on_error("CheckpointCreate", "org.freedesktop.DBus.Error.NoReply", "no answer");
    const auto before = networks();
    NetworkTrial trial(*tree_, *tree_, *policies_, guard_, clock_);
    const std::string policy = "./Device/Vendor/MSFT/Policy/Config/DeviceLock/MinDevicePasswordLength";
    std::vector<tree::Operation> operations = {
        change(Verb::replace, policy, "12"),
        change(Verb::replace, wifi_root + "Office/WlanXml", wlan_personal("new key, new key")),
        change(Verb::get, policy)};
    operations[0].format = "int";
    const auto answers = trial.run(server_, operations);
    ASSERT_EQ(answers.size(), 3U);
    EXPECT_EQ(answers[0].state, State::done) << answers[0].error.what;
    EXPECT_EQ(answers[1].error.fault, Fault::timeout);
    EXPECT_NE(answers[1].error.what.find("left alone"), std::string::npos);
    EXPECT_EQ(answers[2].found.front().data, "12");
    EXPECT_EQ(networks(), before);
    EXPECT_EQ(trial.run_atomic(server_, operations).front().state, State::failed);
}

TEST_F(Trial, TheServerAndTheLogAreTold) {
    store::Outbox outbox(clock_, *database_);
    audit::Log log(clock_, *database_);
    ASSERT_TRUE(app::report_network_undone(outbox, log, "corp"));
    const auto waiting = outbox.waiting("corp");
    ASSERT_EQ(waiting->size(), 1U);
    EXPECT_EQ(waiting->front().type, app::network_undone_alert);
    EXPECT_FALSE(log.head().empty());
}

}  // namespace
}  // namespace steward::test
