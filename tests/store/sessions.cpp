#include "agent/store/sessions.h"

#include <gtest/gtest.h>

#include "agent/store/database.h"

namespace steward::store {
namespace {

TEST(Sessions, NewestFirstAndBounded) {
    auto database = Database::in_memory();
    ASSERT_TRUE(database);
    Sessions sessions(**database);
    EXPECT_EQ(sessions.next_number("corp"), 0);
    for (int i = 1; i <= 130; ++i) {
        SessionRecord record;
        record.account = "corp";
        record.session = std::to_string(i);
        record.outcome = "finished";
        ASSERT_TRUE(sessions.add(record));
    }
    const auto latest = sessions.latest("corp", 1000);
    ASSERT_TRUE(latest);
    EXPECT_EQ(latest->size(), 100u);
    EXPECT_EQ(latest->front().session, "130");
    EXPECT_EQ(sessions.next_number("corp"), 130);
    EXPECT_TRUE(sessions.latest("other", 5)->empty());
}

}  // namespace
}  // namespace steward::store
