#include "agent/store/database.h"

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "tests/support/temporary_directory.h"

namespace steward::store {
namespace {

void empty(Database& database) {
    const auto tables =
        database.query("SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%'");
    ASSERT_TRUE(tables);
    for (const auto& row : *tables) ASSERT_TRUE(database.run("DROP TABLE " + std::get<std::string>(row[0])));
}

// Statements end in ";" and a line break; a trigger has more of the former inside.
void run_all(Database& database, std::string_view statements) {
    for (auto end = statements.find(";\n"); end != std::string_view::npos; end = statements.find(";\n")) {
        ASSERT_TRUE(database.run(statements.substr(0, end))) << statements.substr(0, end);
        statements.remove_prefix(end + 2);
    }
}

TEST(Database, MigrationsLeadToTheFreshSchema) {
    auto grown = Database::in_memory();
    auto fresh = Database::in_memory();
    ASSERT_TRUE(grown && fresh);
    // The fresh one is emptied first: open() has migrated it already.
    empty(**fresh);
    run_all(**fresh, Database::fresh_schema());
    EXPECT_EQ(*(*grown)->schema(), *(*fresh)->schema());
}

TEST(Database, OldFileIsBroughtUpToDateStepByStep) {
    const auto& steps = Database::migrations();
    ASSERT_GE(steps.size(), 2u);
    for (std::size_t done = 0; done < steps.size(); ++done) {
        test::TemporaryDirectory scratch;
        {
            auto database = Database::open(scratch.below("/db").string());
            ASSERT_TRUE(database);
            empty(**database);
            for (std::size_t step = 0; step < done; ++step) run_all(**database, steps[step]);
            ASSERT_TRUE((*database)->run("PRAGMA user_version=" + std::to_string(done)));
        }
        auto again = Database::open(scratch.below("/db").string());
        ASSERT_TRUE(again) << again.error().what;
        auto current = Database::in_memory();
        ASSERT_TRUE(current);
        EXPECT_EQ(*(*again)->schema(), *(*current)->schema());
    }
}

TEST(Database, ManyMayOpenANewFileAtOnce) {
    constexpr int openers = 8;
    for (int round = 0; round < 20; ++round) {
        test::TemporaryDirectory scratch;
        std::atomic<int> missing = openers;  // no std::latch: that of libstdc++ 12 loses wake-ups under Windows
        std::vector<std::string> refusals(openers);
        std::vector<std::thread> threads;
        for (auto& refusal : refusals) {
            threads.emplace_back([&] {
                for (--missing; missing > 0;) std::this_thread::yield();
                const auto database = Database::open(scratch.below("/db").string());
                if (!database) refusal = database.error().what;
            });
        }
        for (auto& thread : threads) thread.join();
        EXPECT_EQ(refusals, std::vector<std::string>(openers)) << "round " << round;
    }
}

TEST(Database, CorruptFileIsSetAsideAndSaidSo) {
    for (const std::string& content :
         {std::string(8192, 'x'), std::string("SQLite format 3\0", 16) + std::string(9000, '\x7f')}) {
        test::TemporaryDirectory scratch;
        std::ofstream(scratch.below("/db").string(), std::ios::binary) << content;
        auto database = Database::open(scratch.below("/db").string());
        ASSERT_TRUE(database) << database.error().what;
        ASSERT_TRUE((*database)->set_aside().has_value());
        EXPECT_TRUE(std::filesystem::exists(*(*database)->set_aside()));
        EXPECT_TRUE((*database)->run("INSERT INTO originals(uri, data, time) VALUES('a', NULL, 1)"));
    }
}

TEST(Database, APageDamagedInTheMidstIsFoundByTheFullLookAlone) {
    test::TemporaryDirectory scratch;
    const auto file = scratch.below("/db").string();
    {
        auto database = Database::open(file);
        ASSERT_TRUE(database);
        for (int i = 0; i < 200; ++i) {
            ASSERT_TRUE((*database)->run("INSERT INTO originals(uri, data, time) VALUES(?, ?, 1)",
                                         {std::to_string(i), std::string(500, 'x')}));
        }
    }
    const auto size = std::filesystem::file_size(file);
    std::fstream damage(file, std::ios::binary | std::ios::in | std::ios::out);
    damage.seekp(static_cast<std::streamoff>(size - 4096));
    damage << std::string(4096, '\x55');
    damage.close();
    {
        auto quick = Database::open(file, Care::quick);
        ASSERT_TRUE(quick) << quick.error().what;
        EXPECT_FALSE((*quick)->set_aside());
    }
    auto full = Database::open(file);
    ASSERT_TRUE(full) << full.error().what;
    EXPECT_TRUE((*full)->set_aside());
}

TEST(Database, NewerSchemaIsRefusedAndLeftAlone) {
    test::TemporaryDirectory scratch;
    {
        auto database = Database::open(scratch.below("/db").string());
        ASSERT_TRUE(database);
        ASSERT_TRUE((*database)->run("PRAGMA user_version=99"));
    }
    auto again = Database::open(scratch.below("/db").string());
    ASSERT_FALSE(again);
    EXPECT_NE(again.error().what.find("newer Steward"), std::string::npos);
    EXPECT_FALSE(std::filesystem::exists(scratch.below("/db.corrupt-1").string()));
}

TEST(Database, TransactionIsAllOrNothing) {
    auto database = Database::in_memory();
    ASSERT_TRUE(database);
    const auto done = (*database)->transaction([&]() -> Outcome {
        auto first = (*database)->run("INSERT INTO originals(uri, data, time) VALUES('a', 'x', 1)");
        EXPECT_TRUE(first);
        return (*database)->run("INSERT INTO originals(uri, data, time) VALUES('a', 'y', 1)");
    });
    EXPECT_FALSE(done);
    EXPECT_EQ((*database)->query("SELECT * FROM originals")->size(), 0u);
    EXPECT_EQ((*database)->durable_commits(), 0u);
}

TEST(Database, UnusablePlaceIsAnError) {
    auto database = Database::open("/nonexistent-directory/db");
    ASSERT_FALSE(database);
    EXPECT_EQ(database.error().fault, Fault::store);
}

}  // namespace
}  // namespace steward::store
