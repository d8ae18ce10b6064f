#include "agent/store/repairs.h"

#include <gtest/gtest.h>

#include "agent/store/database.h"

namespace steward::store {
namespace {

using std::chrono::minutes;

struct RepairsTest : testing::Test {
    FixedClock clock;
    std::unique_ptr<Database> database = std::move(*Database::in_memory());
    Repairs repairs{clock, *database};
    RepairsTest() { clock.time = Instant(std::chrono::seconds(1'795'500'000)); }
    std::set<std::string> contested() {
        auto found = repairs.contested();
        EXPECT_TRUE(found);
        return found ? *found : std::set<std::string>();
    }
};

TEST_F(RepairsTest, FiveWithinAnHourAreContestedUntilTheHourIsOver) {
    for (int i = 0; i < 5; ++i) {
        EXPECT_TRUE(contested().empty()) << i;
        ASSERT_TRUE(repairs.note({"./A", i % 2 == 0 ? "./B" : "./C"}));
        clock.time += minutes(10);
    }
    EXPECT_EQ(contested(), std::set<std::string>{"./A"});
    clock.time += minutes(9);
    EXPECT_EQ(contested().size(), 1U);
    clock.time += minutes(1);
    EXPECT_TRUE(contested().empty()) << "the first was an hour ago: one more try";
    ASSERT_TRUE(repairs.note({"./A"}));
    EXPECT_EQ(contested().size(), 1U) << "and changed back again";
}

TEST_F(RepairsTest, SlowDriftIsNeverContestedAndOldNotesGo) {
    for (int i = 0; i < 50; ++i) {
        ASSERT_TRUE(repairs.note({"./A"}));
        clock.time += minutes(16);
        EXPECT_TRUE(contested().empty());
    }
    EXPECT_LE((*database->query("SELECT 1 FROM repairs")).size(), 5U);
}

}  // namespace
}  // namespace steward::store
