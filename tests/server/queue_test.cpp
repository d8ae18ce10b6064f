// Orders for devices, without a network.
#include "tests/server/queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agent/syncml/read.h"

namespace steward::server {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr char get[] = "<Get><CmdID>1</CmdID><Item><Target><LocURI>./A</LocURI></Target></Item></Get>";
constexpr char atomic[] =
    "<Atomic><CmdID>1</CmdID><Replace><CmdID>1</CmdID><Item><Target><LocURI>./A</LocURI></Target><Data>1</Data></"
    "Item></Replace></Atomic>";

std::vector<syncml::Command> status(const std::string& cmd_ref, const std::string& code) {
    syncml::Command made;
    made.name = syncml::Name::status;
    made.data = code;
    made.set().cmd_ref = cmd_ref;
    return {made};
}

std::vector<syncml::Command> results(const std::string& cmd_ref, const std::string& data, bool more = false) {
    syncml::Command made;
    made.name = syncml::Name::results;
    made.set().cmd_ref = cmd_ref;
    auto& item = made.items.emplace_back();
    item.source = "./A";
    item.data = data;
    item.more_data = more;
    return {made};
}

class QueueTest : public testing::Test {
  protected:
    FixedClock clock_;
    Queue queue_{clock_};
};

TEST_F(QueueTest, EachCommandHasAnIdOfItsOwn) {
    ASSERT_TRUE(queue_.add("d", std::string(get) + atomic));
    ASSERT_TRUE(queue_.add("d", get));
    const auto taken = queue_.take("d");
    ASSERT_THAT(taken, SizeIs(2));
    EXPECT_EQ(taken[0].commands[0].cmd_id, "10001");
    EXPECT_EQ(taken[0].commands[1].cmd_id, "10002");
    EXPECT_EQ(taken[0].commands[1].children[0].cmd_id, "10003");
    EXPECT_EQ(taken[1].commands[0].cmd_id, "10004");
    EXPECT_EQ(taken[0].replies[2].what, "Replace ./A");
    EXPECT_EQ(taken[0].replies[2].depth, 1u);
    const auto again = syncml::read_xml("<SyncML><SyncHdr></SyncHdr><SyncBody>" + bare_xml(taken[0].commands) +
                                        "</SyncBody></SyncML>");
    ASSERT_TRUE(again);
    EXPECT_EQ(again->commands, taken[0].commands);
}

TEST_F(QueueTest, KeepsStatusesAndResultsInPieces) {
    ASSERT_TRUE(queue_.add("d", get));
    queue_.take("d");
    queue_.heard("other", status("10001", "500"));
    queue_.heard("d", status("10001", "200"));
    queue_.heard("d", results("10001", "first, ", true));
    queue_.heard("d", results("10001", "second"));
    queue_.heard("d", status("4", "404"));
    EXPECT_EQ(queue_.find(1)->state, Order::State::sent);
    queue_.session_over("d");
    const auto order = queue_.find(1);
    EXPECT_EQ(order->state, Order::State::done);
    ASSERT_THAT(order->replies, SizeIs(1));
    ASSERT_THAT(order->replies[0].statuses, SizeIs(1));
    EXPECT_EQ(order->replies[0].statuses[0].code, "200");
    ASSERT_THAT(order->replies[0].results, SizeIs(1));
    EXPECT_EQ(order->replies[0].results[0].data, "first, second");
    EXPECT_THAT(queue_.take("d"), IsEmpty());
}

TEST_F(QueueTest, WhatWasNotAnsweredComesAgainAFewTimes) {
    ASSERT_TRUE(queue_.add("d", get));
    for (int i = 0; i < 5; ++i) {  // somebody who cannot prove that he is the device
        EXPECT_THAT(queue_.take("d"), SizeIs(1)) << i;
        queue_.session_over("d");
    }
    for (int i = 0; i < 3; ++i) {
        EXPECT_THAT(queue_.take("d"), SizeIs(1)) << i;
        queue_.session_accepted("d");
        queue_.session_over("d");
    }
    EXPECT_THAT(queue_.take("d"), IsEmpty());
    EXPECT_EQ(queue_.find(1)->state, Order::State::unanswered);
}

TEST_F(QueueTest, IsForTheDeviceThatItNames) {
    ASSERT_TRUE(queue_.add("d", get));
    ASSERT_TRUE(queue_.add("e", get));
    EXPECT_THAT(queue_.list("e"), SizeIs(1));
    EXPECT_THAT(queue_.list(), SizeIs(2));
    EXPECT_THAT(queue_.take("x"), IsEmpty());
    EXPECT_EQ(queue_.take("e").front().number, 2u);
}

TEST_F(QueueTest, RefusesWhatIsNoCommand) {
    EXPECT_FALSE(queue_.add("d", "nonsense"));
    EXPECT_FALSE(queue_.add("d", ""));
    EXPECT_FALSE(queue_.add("d", "<Status><CmdID>1</CmdID></Status>"));
    EXPECT_FALSE(queue_.add("d", "<Get>"));
    EXPECT_FALSE(queue_.find(0));
    EXPECT_FALSE(queue_.find(1));
    EXPECT_THAT(queue_.list(), IsEmpty());
}

}  // namespace
}  // namespace steward::server
