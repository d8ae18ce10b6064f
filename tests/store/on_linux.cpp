#include <gtest/gtest.h>
#include <sys/stat.h>

#include "agent/store/database.h"
#include "tests/support/temporary_directory.h"

namespace steward::store {
namespace {

TEST(Database, FileIsReadableByItsOwnerOnly) {
    test::TemporaryDirectory scratch;
    auto database = Database::open(scratch.below("/db").string());
    ASSERT_TRUE(database);
    struct stat facts {};
    ASSERT_EQ(::stat(scratch.below("/db").string().c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777u, 0600u);
}

}  // namespace
}  // namespace steward::store
