// Secrets of desired state as they lie in the database on Windows.
#include <gtest/gtest.h>

#include <memory>

#include "agent/store/database.h"
#include "agent/store/policies.h"
#include "platform/sealing.h"
#include "tests/support/everything_on_disk.h"
#include "tests/support/temporary_directory.h"

namespace steward::store {
namespace {

const std::string password = "geheim-xyzzy";

struct SealedSecrets : testing::Test {
    FixedClock clock;
    test::TemporaryDirectory scratch;
    std::unique_ptr<Database> database = std::move(*Database::open(scratch.below("/db").string()));
    Policies policies{clock, database.get()};

    void put(const std::string& uri, const std::string& data, bool secret = true) {
        Row row;
        row.authority = "corp";
        row.session = "7";
        row.data = data;
        row.secret = secret;
        policies.put(uri, std::move(row));
        ASSERT_TRUE(policies.commit());
    }
    std::string on_disk(const std::string& uri) {
        const auto rows = database->query("SELECT data FROM policies WHERE uri=?", {uri});
        EXPECT_TRUE(rows && rows->size() == 1);
        return rows && rows->size() == 1 ? std::get<std::string>(rows->front()[0]) : std::string();
    }
    void set_on_disk(const std::string& uri, const std::string& data) {
        ASSERT_TRUE(database->run("UPDATE policies SET data=? WHERE uri=?", {data, uri}));
    }
};

TEST_F(SealedSecrets, NoFileOfTheDatabaseShowsOneAndItComesBack) {
    put("./A/Password", password);
    put("./A/Name", "for everybody", false);
    EXPECT_TRUE(platform::sealed(on_disk("./A/Password")));
    EXPECT_NE(test::everything_on_disk(scratch.path()).find("for everybody"), std::string::npos)
        << "the test looks where rows are";
    EXPECT_EQ(test::everything_on_disk(scratch.path()).find(password), std::string::npos);
    Policies fresh(clock, database.get());
    ASSERT_TRUE(fresh.load());
    EXPECT_EQ(fresh.at("./A/Password")->front().data, password);
    EXPECT_EQ(on_disk("./A/Name"), "for everybody");
}

TEST_F(SealedSecrets, OneFromBeforeIsReadAndSealedWithTheNextChange) {
    put("./A/Password", password);
    set_on_disk("./A/Password", password);
    Policies fresh(clock, database.get());
    ASSERT_TRUE(fresh.load());
    EXPECT_EQ(fresh.at("./A/Password")->front().data, password);
    EXPECT_EQ(on_disk("./A/Password"), password) << "whoever only reads writes nothing";
    Row other;
    other.authority = "corp";
    other.data = "x";
    fresh.put("./B", std::move(other));
    ASSERT_TRUE(fresh.commit());
    EXPECT_TRUE(platform::sealed(on_disk("./A/Password")));
    EXPECT_EQ(fresh.at("./A/Password")->front().data, password);
    database.reset();
    EXPECT_EQ(test::everything_on_disk(scratch.path()).find(password), std::string::npos)
        << "nor in what is left of the old page";
}

TEST_F(SealedSecrets, OneOfAnotherMachineIsEmptyAndStaysAsItIs) {
    put("./A/Password", password);
    auto damaged = on_disk("./A/Password");
    damaged.erase(damaged.size() / 2, 8);
    set_on_disk("./A/Password", damaged);
    Policies fresh(clock, database.get());
    ASSERT_TRUE(fresh.load());
    EXPECT_EQ(fresh.at("./A/Password")->front().data, "");
    Row other;
    other.authority = "corp";
    other.data = "x";
    fresh.put("./B", std::move(other));
    ASSERT_TRUE(fresh.commit());
    EXPECT_EQ(on_disk("./A/Password"), damaged);
}

}  // namespace
}  // namespace steward::store
