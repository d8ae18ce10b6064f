#include "agent/store/actions.h"

#include <gtest/gtest.h>

#include "agent/store/database.h"
#include "tests/support/temporary_directory.h"

namespace steward::store {
namespace {

TEST(Actions, EachHasExactlyOneOutcomeAcrossRestarts) {
    FixedClock clock;
    test::TemporaryDirectory scratch;
    {
        auto database = Database::open(scratch.below("/db").string());
        ASSERT_TRUE(database);
        Actions actions(clock, database->get());
        const auto done = actions.intend("./Reboot", "corp", "", "1");
        ASSERT_TRUE(done);
        ASSERT_TRUE(actions.finish(*done, "done", ""));
        ASSERT_TRUE(actions.finish(*done, "failed", "too late"));  // the first outcome stands
        ASSERT_TRUE(actions.intend("./Wipe", "corp", "argument", "1"));
    }
    auto database = Database::open(scratch.below("/db").string());
    ASSERT_TRUE(database);
    Actions actions(clock, database->get());
    EXPECT_EQ(*actions.close_interrupted(), 1u);
    EXPECT_EQ(*actions.close_interrupted(), 0u);
    const auto records = actions.latest(10);
    ASSERT_TRUE(records);
    ASSERT_EQ(records->size(), 2u);
    EXPECT_EQ((*records)[0].uri, "./Wipe");
    EXPECT_EQ((*records)[0].outcome, "interrupted");
    EXPECT_EQ((*records)[1].outcome, "done");
}

}  // namespace
}  // namespace steward::store
