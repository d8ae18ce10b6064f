#include "agent/audit/log.h"

#include <gtest/gtest.h>

#include "agent/audit/recorder.h"
#include "agent/store/database.h"

namespace steward::audit {
namespace {

struct AuditLog : testing::Test {
    FixedClock clock;
    std::unique_ptr<store::Database> database = std::move(*store::Database::in_memory());
    Log log{clock, *database};

    void write(int count) {
        for (int i = 0; i < count; ++i) {
            Entry entry;
            entry.kind = "command";
            entry.authority = "corp";
            entry.subject = "Replace ./Vendor/MSFT/Node" + std::to_string(i);
            entry.outcome = "done";
            ASSERT_TRUE(log.append({entry}));
        }
    }
    // What somebody with the file and an editor can do.
    void forge(const char* sql) {
        ASSERT_TRUE(database->run("DROP TRIGGER audit_keeps"));
        ASSERT_TRUE(database->run("DROP TRIGGER audit_stays"));
        ASSERT_TRUE(database->run(sql));
    }
};

TEST_F(AuditLog, AnUntouchedLogVerifies) {
    EXPECT_EQ(log.verify({})->entries, 0);
    write(20);
    const auto verdict = log.verify(log.head());
    ASSERT_TRUE(verdict);
    EXPECT_EQ(verdict->entries, 20);
    EXPECT_FALSE(verdict->broken_at) << verdict->sentence;
}

TEST_F(AuditLog, TheDatabaseItselfRefusesToChangeOrDeleteEntries) {
    write(3);
    EXPECT_FALSE(database->run("UPDATE audit SET outcome='x' WHERE number=2"));
    EXPECT_FALSE(database->run("DELETE FROM audit WHERE number=3"));
    EXPECT_EQ(log.verify(log.head())->entries, 3);
}

TEST_F(AuditLog, AChangedEntryIsFound) {
    write(10);
    forge("UPDATE audit SET outcome='failed' WHERE number=4");
    EXPECT_EQ(log.verify({})->broken_at, 4);
}

TEST_F(AuditLog, AMissingEntryIsFound) {
    write(10);
    forge("DELETE FROM audit WHERE number=7");
    EXPECT_EQ(log.verify({})->broken_at, 7);
}

TEST_F(AuditLog, AnEndThatWasCutOffIsFoundByTheAnchor) {
    write(10);
    const auto anchor = log.head();
    write(2);
    EXPECT_FALSE(log.verify(anchor)->broken_at) << "an older head is still part of the chain";
    forge("DELETE FROM audit WHERE number>8");
    const auto verdict = log.verify(anchor);
    EXPECT_TRUE(verdict->broken_at);
    EXPECT_NE(verdict->sentence.find("entry 10"), std::string::npos) << verdict->sentence;
}

TEST_F(AuditLog, WhatIsNotFinishedIsRecordedAsFailed) {
    {
        Entry entry;
        entry.kind = "enrolment";
        Open open(log, entry);
    }
    {
        Entry entry;
        entry.kind = "enrolment";
        Open open(log, entry);
        open.finish("done");
    }
    const auto entries = log.latest(5);
    ASSERT_EQ(entries->size(), 2u);
    EXPECT_EQ((*entries)[1].outcome, "failed: it was not finished");
    EXPECT_EQ((*entries)[0].outcome, "done");
}

TEST_F(AuditLog, TheRecorderNotesChangesButNoValuesAndNoReads) {
    struct Fixed final : tree::Executor {
        std::vector<tree::Answer> run(const tree::Context&, std::span<const tree::Operation> operations) override {
            std::vector<tree::Answer> answers(operations.size());
            answers.back() = tree::Answer::failure({Fault::invalid, "At least 4.", {}});
            return answers;
        }
        std::vector<tree::Answer> run_atomic(const tree::Context&, std::span<const tree::Operation> o) override {
            return std::vector<tree::Answer>(o.size(), {tree::Answer::State::undone, {}, {}});
        }
    } device;
    Recorder recorder(device, log);
    tree::Operation set{tree::Verb::replace, "./A", {}, {}, {}, "geheim"};
    tree::Operation get{tree::Verb::get, "./B", {}, {}, {}, {}};
    tree::Operation bad{tree::Verb::add, "./C", {}, {}, {}, "geheim"};
    (void)recorder.run({"corp", "7"}, std::vector{set, get, bad});
    (void)recorder.run_atomic({"corp", "7"}, std::vector{set});
    ASSERT_TRUE(recorder.failure().ok());
    const auto entries = log.latest(9);
    ASSERT_EQ(entries->size(), 3u);
    EXPECT_EQ((*entries)[2].subject, "Replace ./A");
    EXPECT_EQ((*entries)[2].outcome, "done");
    EXPECT_EQ((*entries)[1].subject, "Add ./C");
    EXPECT_EQ((*entries)[1].outcome, "failed: At least 4.");
    EXPECT_EQ((*entries)[0].outcome, "undone");
    for (const auto& entry : *entries) EXPECT_EQ((entry.subject + entry.outcome).find("geheim"), std::string::npos);
}

}  // namespace
}  // namespace steward::audit
