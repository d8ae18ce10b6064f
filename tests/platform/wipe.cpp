// Disks are files with real LUKS headers in them, and canaries in between.
#include "platform/linux/wipe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/platform/luks_laptop.h"
#include "tests/support/disks.h"

namespace steward::platform {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// sda: a table, an open partition and an encrypted one. sdb: a stick.
struct WipeTest : testing::Test {
    test::TemporaryDirectory root;
    FixedClock clock;
    Files files{root.path()};
    Cryptsetup luks{root.path()};
    LinuxProcesses processes;
    LinuxWiper wiper{files, luks, processes, clock, false};

    WipeTest() {
        test::Disks disks(root);
        disks.disk("sda", "8:0");
        disks.partition("sda", "sda1", "8:1");
        disks.partition("sda", "sda2", "8:2");
        disks.disk("sdb", "8:16", "usb1/1-2", true);
        disks.layer("dm-0", "253:0", {"sda2"});
        for (const std::string name : {"sda", "sda1", "sda2", "sdb"}) {
            std::string canaries;
            for (int i = 0; i < 1000; ++i) canaries += "CANARY " + name + " " + std::to_string(i) + "\n";
            const auto image = root.write("/dev/" + name, "");
            const std::uintmax_t part_size = name == "sda2" ? 40u << 20 : 4u << 20;
            std::filesystem::resize_file(image, part_size);
            std::fstream file(image, std::ios::in | std::ios::out | std::ios::binary);
            for (const std::uintmax_t at : {std::uintmax_t{512}, part_size / 2, part_size - canaries.size()}) {
                file.seekp(static_cast<std::streamoff>(at));
                file << canaries;
            }
        }
        Laptop::format(root.below("/dev/sda2").string(), "luks2", {"--offset", "65536"});
    }
    void allow(const std::string& more = {}) { root.write("/etc/steward/wipe.conf", "allow = yes\n" + more); }
    std::string bytes_of(const std::string& name) {
        std::ifstream file(root.below("/dev/" + name), std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    std::size_t canaries_in(const std::string& name) {
        const auto bytes = bytes_of(name);
        std::size_t count = 0;
        for (auto at = bytes.find("CANARY"); at != bytes.npos; at = bytes.find("CANARY", at + 1)) ++count;
        return count;
    }
    std::vector<std::string> carry_out(WipeKind kind) {
        std::vector<std::string> said;
        const auto ordered = wiper.order(kind, clock.now());
        EXPECT_TRUE(ordered) << ordered.error().what;
        const auto done = wiper.carry_out([&](const std::string& step) { said.push_back(step); });
        EXPECT_TRUE(done) << done.error().what << done.error().evidence;
        return said;
    }
};

TEST_F(WipeTest, NothingIsWipedThatTheAdministratorHasNotAllowed) {
    for (const char* rules : {"", "allow = no\n", "allow = YES\n", "disks = /dev/sda\n", "#allow = yes\n"}) {
        root.write("/etc/steward/wipe.conf", rules);
        EXPECT_EQ(wiper.order(WipeKind::quick, clock.now()).error().fault, Fault::refused) << rules;
        EXPECT_EQ(wiper.plan(WipeKind::quick).error().fault, Fault::refused) << rules;
        EXPECT_EQ(wiper.carry_out([](const std::string&) {}).error().fault, Fault::not_found) << "there is no order";
    }
    // An order that stands counts for nothing once it is not allowed any more.
    allow();
    ASSERT_TRUE(wiper.order(WipeKind::quick, clock.now()));
    root.write("/etc/steward/wipe.conf", "allow = no\n");
    EXPECT_EQ(wiper.carry_out([](const std::string&) {}).error().fault, Fault::refused);
    EXPECT_GE(canaries_in("sda1"), 3000u);
    EXPECT_TRUE(luks.read("/dev/sda2"));
}

TEST_F(WipeTest, ThePlanSaysWhatWouldBeDoneAndDoesNothing) {
    allow();
    const auto before = bytes_of("sda2");
    const auto plan = wiper.plan(WipeKind::quick);
    ASSERT_TRUE(plan) << plan.error().what;
    EXPECT_THAT(*plan, ElementsAre(StartsWith("destroy 1 key slots and the LUKS header of /dev/sda2"),
                                   StartsWith("overwrite /dev/sda1: it is not encrypted"),
                                   HasSubstr("partition table of /dev/sda,"), StartsWith("restart at once")));
    EXPECT_THAT(*wiper.plan(WipeKind::thorough),
                ElementsAre(StartsWith("destroy 1"), StartsWith("overwrite /dev/sda1"), "overwrite /dev/sda2",
                            HasSubstr("partition table"), StartsWith("restart")));
    EXPECT_EQ(bytes_of("sda2"), before);
    EXPECT_FALSE(*wiper.ordered());
}

TEST_F(WipeTest, NoCanaryIsLeftAndNoKeyOpensWhatIs) {
    allow();
    EXPECT_THAT(carry_out(WipeKind::quick), ElementsAre("keys of /dev/sda2: done", "contents of /dev/sda: done"));
    EXPECT_EQ(canaries_in("sda1"), 0u);
    EXPECT_FALSE(luks.read("/dev/sda2"));
    const auto opens = luks.opens("/dev/sda2", 0, "person");
    EXPECT_FALSE(opens && *opens);
    const auto header = bytes_of("sda2").substr(0, 32u << 20);
    EXPECT_EQ(header.find_first_not_of('\0'), std::string::npos) << "both headers, and the key material";
    EXPECT_EQ(bytes_of("sda").substr(0, 1u << 20).find_first_not_of('\0'), std::string::npos) << "the table";
    EXPECT_GE(canaries_in("sdb"), 3000u) << "a stick is not the device's";
    EXPECT_FALSE(*wiper.ordered()) << "the order is carried out";
}

TEST_F(WipeTest, ThoroughlyNothingIsLeftOfWhatWasEncryptedEither) {
    allow();
    (void)carry_out(WipeKind::thorough);
    EXPECT_EQ(bytes_of("sda2").find_first_not_of('\0'), std::string::npos);
    EXPECT_EQ(canaries_in("sda1"), 0u);
}

TEST_F(WipeTest, OnlyTheDisksThatAreNamedAreTouched) {
    allow("disks = /dev/sdb\n");
    EXPECT_THAT(*wiper.plan(WipeKind::quick), ElementsAre(StartsWith("overwrite /dev/sdb"), HasSubstr("/dev/sdb,")));
    EXPECT_THAT(carry_out(WipeKind::quick), ElementsAre("contents of /dev/sdb: done"));
    EXPECT_EQ(canaries_in("sdb"), 0u);
    EXPECT_GE(canaries_in("sda1"), 3000u);
    EXPECT_TRUE(luks.read("/dev/sda2"));
    for (const std::string bad : {"/dev/sda1", "/dev/nothing", "/etc/passwd", "/dev/../dev/sda"}) {
        allow("disks = " + bad + "\n");
        EXPECT_EQ(wiper.plan(WipeKind::quick).error().fault, Fault::invalid) << bad;
    }
}

TEST_F(WipeTest, AnOrderOutlivesARestartAndHalfAWipeIsTakenUpAgain) {
    allow();
    ASSERT_TRUE(wiper.order(WipeKind::thorough, Instant(std::chrono::seconds(1234))));
    LinuxWiper later{files, luks, processes, clock, false};
    const auto order = later.ordered();
    ASSERT_TRUE(order && *order);
    EXPECT_EQ((*order)->kind, WipeKind::thorough);
    EXPECT_EQ((*order)->at, Instant(std::chrono::seconds(1234)));
    // The header had gone when the power was cut: what it encrypted looks like anything else, and is overwritten.
    std::fstream(root.below("/dev/sda2"), std::ios::in | std::ios::out | std::ios::binary) << std::string(8192, '\0');
    ASSERT_TRUE(later.carry_out([](const std::string&) {}));
    EXPECT_EQ(bytes_of("sda2").find_first_not_of('\0'), std::string::npos);

    root.write("/var/lib/steward/wipe-order", "kind = everything\nat = now\n");
    EXPECT_EQ(wiper.ordered().error().fault, Fault::malformed);
    EXPECT_EQ(wiper.carry_out([](const std::string&) {}).error().fault, Fault::malformed);
}

TEST_F(WipeTest, ADiskThatFailsSavesNoOther) {
    allow("disks = /dev/sda /dev/sdb\n");
    std::filesystem::remove(root.below("/dev/sda1"));
    ASSERT_TRUE(wiper.order(WipeKind::quick, clock.now()));
    std::vector<std::string> said;
    EXPECT_FALSE(wiper.carry_out([&](const std::string& step) { said.push_back(step); }));
    EXPECT_THAT(said, ElementsAre("keys of /dev/sda2: done", StartsWith("contents of /dev/sda: failed"),
                                  "contents of /dev/sdb: done"));
    EXPECT_TRUE(*wiper.ordered()) << "it still stands";
}

}  // namespace
}  // namespace steward::platform
