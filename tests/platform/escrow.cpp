// Recovery keys on a real LUKS2 header in a file, whatever fails and whenever the process is killed.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <memory>

#include "platform/linux/encryption_rules.h"
#include "platform/linux/volumes.h"
#include "tests/platform/luks_laptop.h"

namespace steward::platform {
namespace {

class EscrowTest : public ::testing::Test {
  protected:
    static void SetUpTestSuite() { pristine_ = std::make_unique<Laptop>(); }
    static void TearDownTestSuite() { pristine_.reset(); }

    // One key that a server has, and a newer one that none has yet.
    static std::unique_ptr<Laptop> with_two_keys() {
        auto laptop = std::make_unique<Laptop>(pristine_.get());
        EXPECT_TRUE(laptop->escrow.rotate("first"));
        EXPECT_TRUE(laptop->escrow.received(laptop->keys().front()));
        EXPECT_TRUE(laptop->escrow.rotate("second"));
        EXPECT_EQ(laptop->keys().size(), 2U);
        laptop->expect_sound();
        return laptop;
    }

    // Every step of the work fails once, and at every step the process is killed once; gives the number of steps.
    template <class Work>
    static int at_every_step(const Laptop& before, Steps::At at, Work work) {
        for (int n = 1;; ++n) {
            SCOPED_TRACE("step " + std::to_string(n));
            Laptop laptop(&before);
            bool reached = false;
            if (at == Steps::At::fail) {
                laptop.steps = {at, n, 0};
                work(laptop);
                reached = laptop.steps.made >= n;
            } else {
                const pid_t child = ::fork();
                if (child == 0) {
                    laptop.steps = {at, n, 0};
                    work(laptop);
                    ::_exit(0);
                }
                int status = 0;
                ::waitpid(child, &status, 0);
                reached = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
            }
            laptop.steps = {};
            const auto resumed = laptop.escrow.resume();
            EXPECT_TRUE(resumed) << resumed.error().what;
            laptop.expect_sound();
            EXPECT_NE(laptop.escrow.last()->state, Rotation::State::pending);
            EXPECT_EQ(laptop.escrow.read(before_received(laptop))->state, "received")
                << "what the server has must work";
            if (n % 8 == 0) {
                const auto again = laptop.escrow.rotate("again");
                EXPECT_TRUE(again) << again.error().what;
            }
            if (!reached || ::testing::Test::HasFailure()) return n - 1;
        }
    }
    static std::string before_received(Laptop& laptop) {
        for (const auto& id : laptop.keys()) {
            if (laptop.escrow.read(id)->state == "received") return id;
        }
        ADD_FAILURE() << "no key that the server has";
        return {};
    }

    static std::unique_ptr<Laptop> pristine_;
};
std::unique_ptr<Laptop> EscrowTest::pristine_;

TEST_F(EscrowTest, ARecoveryKeyOpensTheVolumeAndIsReadableOnlyByTheEscrowKey) {
    Laptop laptop(pristine_.get());
    EXPECT_EQ(laptop.escrow.last()->state, Rotation::State::not_started);
    const auto rotated = laptop.escrow.rotate("id-1");
    ASSERT_TRUE(rotated) << rotated.error().what << rotated.error().evidence;
    EXPECT_EQ(laptop.escrow.last()->state, Rotation::State::passed);
    EXPECT_EQ(laptop.escrow.last()->request, "id-1");
    ASSERT_EQ(laptop.keys().size(), 1U);
    const auto key = laptop.escrow.read(laptop.keys().front());
    ASSERT_TRUE(key);
    EXPECT_EQ(key->state, "waiting");
    const auto secret = laptop.unsealed(*key->sealed);
    ASSERT_EQ(secret.size(), 71U) << "eight groups of eight letters";
    EXPECT_EQ(secret.find_first_not_of("cbdefghijklnrtuv-"), std::string::npos);
    laptop.expect_sound();
    // The tool that people have agrees.
    run({"/usr/sbin/cryptsetup", "open", "--test-passphrase", "--key-file", laptop.root_.write("/found.key", secret),
         laptop.root_.below(partition).string()});
    const auto token = laptop.header().tokens.front();
    EXPECT_EQ(token.type, "systemd-recovery");
    EXPECT_EQ(token.slots, std::vector<int>{*key->slot});
    const auto kept = laptop.root_.read("/var/lib/steward/recovery-keys");
    EXPECT_NE(kept.find(*key->sealed), std::string::npos);
    EXPECT_EQ(kept.find(secret.substr(0, 8)), std::string::npos) << "never in the clear";
    EXPECT_EQ(fs::status(laptop.root_.below("/var/lib/steward/recovery-keys")).permissions(),
              fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(EscrowTest, OldKeysGoOnlyWhenTheServerHasTheNewOne) {
    const auto laptop = with_two_keys();
    const auto old = laptop->keys();
    ASSERT_TRUE(laptop->escrow.rotate("third"));
    ASSERT_EQ(laptop->keys().size(), 2U);
    EXPECT_EQ(laptop->keys().front(), old.front()) << "the server has it";
    EXPECT_NE(laptop->keys().back(), old.back()) << "nobody has it";
    laptop->expect_sound();
    EXPECT_EQ(laptop->escrow.received("no-such-key").error().fault, Fault::not_found);
    ASSERT_TRUE(laptop->escrow.received(laptop->keys().back()));
    ASSERT_EQ(laptop->keys().size(), 1U);
    EXPECT_EQ(laptop->escrow.read(laptop->keys().front())->state, "received");
    laptop->expect_sound();
}

TEST_F(EscrowTest, KilledAtAnyStepOfARotationNobodyIsLockedOutAndNoKeyIsForgotten) {
    const auto before = with_two_keys();
    const int steps =
        at_every_step(*before, Steps::At::kill, [](Laptop& laptop) { (void)laptop.escrow.rotate("third"); });
    EXPECT_GT(steps, 20);
    RecordProperty("steps", steps);
}

TEST_F(EscrowTest, KilledAtAnyStepOfAnAcknowledgementTheSameHolds) {
    const auto before = with_two_keys();
    const int steps = at_every_step(*before, Steps::At::kill,
                                    [](Laptop& laptop) { (void)laptop.escrow.received(laptop.keys().back()); });
    EXPECT_GT(steps, 10);
}

TEST_F(EscrowTest, WhateverStepFailsTheSameHolds) {
    const auto before = with_two_keys();
    const int steps = at_every_step(*before, Steps::At::fail, [](Laptop& laptop) {
        const auto rotated = laptop.escrow.rotate("third");
        laptop.steps = {Steps::At::none, 0, laptop.steps.made};
        const auto last = laptop.escrow.last();
        ASSERT_TRUE(last);
        EXPECT_TRUE(!rotated || last->state == Rotation::State::passed);
    });
    EXPECT_GT(steps, 20);
}

TEST_F(EscrowTest, AKeyThatDoesNotOpenIsTakenBack) {
    Laptop laptop(pristine_.get());
    laptop.luks.lie = true;
    EXPECT_FALSE(laptop.escrow.rotate("x"));
    EXPECT_EQ(laptop.escrow.last()->state, Rotation::State::failed);
    EXPECT_TRUE(laptop.keys().empty());
    laptop.expect_sound();
}

TEST_F(EscrowTest, WithoutMeansItSaysWhatIsMissingAndTouchesNothing) {
    struct Case {
        const char* path;
        std::string content;
        Fault fault;
        const char* word;
    };
    const std::string both =
        "unlock-key-file = /etc/steward/unlock.key\nescrow-certificate = /etc/steward/escrow.pem\n";
    const Case cases[] = {
        {"/etc/steward/encryption.conf", "", Fault::unsupported, "unlock-key-file"},
        {"/etc/steward/encryption.conf", "unlock-key-file = /etc/steward/unlock.key\n", Fault::unsupported,
         "escrow-certificate"},
        {"/etc/steward/encryption.conf", "unlock-key-file = /nowhere\nescrow-certificate = /x\n", Fault::not_found,
         "found"},
        {"/etc/steward/escrow.pem", "no certificate", Fault::malformed, "certificate"},
        {"/proc/self/mountinfo", "25 1 8:3 / / rw - ext4 /dev/sda3 rw\n", Fault::unsupported, "LUKS"},
    };
    for (const auto& each : cases) {
        SCOPED_TRACE(each.word);
        Laptop laptop(pristine_.get());
        laptop.root_.write(each.path, each.content);
        const auto rotated = laptop.escrow.rotate("x");
        ASSERT_FALSE(rotated);
        EXPECT_EQ(rotated.error().fault, each.fault);
        EXPECT_NE(rotated.error().what.find(each.word), std::string::npos) << rotated.error().what;
        EXPECT_EQ(laptop.escrow.last()->state, Rotation::State::failed);
        EXPECT_EQ(laptop.escrow.last()->reason, rotated.error().what);
        laptop.expect_sound();
    }
    Laptop laptop(pristine_.get());
    fs::permissions(laptop.root_.below("/etc/steward/unlock.key"), fs::perms::others_read, fs::perm_options::add);
    EXPECT_EQ(laptop.escrow.rotate("x").error().fault, Fault::denied) << "everybody can read the key";
    fs::permissions(laptop.root_.below("/etc/steward/unlock.key"), fs::perms::owner_read | fs::perms::owner_write);
    laptop.root_.write("/etc/steward/unlock.key", "wrong");
    EXPECT_EQ(laptop.escrow.rotate("x").error().fault, Fault::denied);
    laptop.clock.time = Instant(std::chrono::hours(24 * 365 * 100));
    EXPECT_EQ(laptop.escrow.rotate("x").error().fault, Fault::invalid) << "the certificate has expired";
}

TEST_F(EscrowTest, ASlotThatSomebodyTookIsNotTouched) {
    Laptop laptop(pristine_.get());
    ASSERT_TRUE(laptop.escrow.rotate("x"));
    const auto id = laptop.keys().front();
    const int slot = *laptop.escrow.read(id)->slot;
    const auto image = laptop.root_.below(partition).string();
    run({"/usr/sbin/cryptsetup", "luksKillSlot", "--batch-mode", "--key-file",
         laptop.root_.below("/person.key").string(), image, std::to_string(slot)});
    run({"/usr/sbin/cryptsetup", "luksAddKey", "--key-slot", std::to_string(slot), "--pbkdf", "pbkdf2",
         "--pbkdf-force-iterations", "1000", "--key-file", laptop.root_.below("/person.key").string(), image,
         laptop.root_.write("/second.key", "another person")});
    EXPECT_EQ(laptop.escrow.read(id)->state, "gone");
    EXPECT_EQ(laptop.escrow.received(id).error().fault, Fault::not_found);
    ASSERT_TRUE(laptop.escrow.rotate("y"));
    EXPECT_TRUE(*Cryptsetup(laptop.root_.path()).opens(partition, slot, "another person"));
}

TEST_F(EscrowTest, ADamagedListStopsEverything) {
    Laptop laptop(pristine_.get());
    laptop.root_.write("/var/lib/steward/recovery-keys", "key 1 ready\n");
    EXPECT_EQ(laptop.escrow.rotate("x").error().fault, Fault::io);
    EXPECT_EQ(laptop.escrow.resume().error().fault, Fault::io);
    EXPECT_EQ(laptop.header().slots.size(), 2U);
}

TEST_F(EscrowTest, WhatAPowerCutLeftOfAListIsTakenAwayAtTheNextStart) {
    Laptop laptop(pristine_.get());
    const std::string leftover = "/var/lib/steward/.recovery-keys.steward-new";
    laptop.root_.write(leftover, "half a li");
    ASSERT_TRUE(laptop.escrow.resume()) << "there is no list yet";
    EXPECT_FALSE(laptop.root_.has(leftover));
    ASSERT_TRUE(laptop.escrow.rotate("x"));
    const auto list = laptop.root_.read("/var/lib/steward/recovery-keys");
    laptop.root_.write(leftover, "half a li");
    ASSERT_TRUE(laptop.escrow.resume());
    EXPECT_FALSE(laptop.root_.has(leftover));
    EXPECT_EQ(laptop.root_.read("/var/lib/steward/recovery-keys"), list);
    laptop.expect_sound();
}

TEST_F(EscrowTest, TheHeaderSaysHowTheVolumeIsEncrypted) {
    Laptop laptop(pristine_.get());
    KernelFscrypt fscrypt(laptop.root_.path());
    LinuxVolumes volumes(laptop.files, laptop.luks, fscrypt);
    ASSERT_TRUE(laptop.escrow.rotate("x"));
    const auto system = volumes.read("/");
    ASSERT_TRUE(system);
    EXPECT_EQ(system->judgement, Judgement::encrypted);
    EXPECT_EQ(system->kind, "LUKS2");
    EXPECT_EQ(system->cipher, "aes-xts-plain64");
    EXPECT_EQ(system->key_bits, 512);
    EXPECT_EQ(system->kdf, "pbkdf2");
    EXPECT_EQ(system->key_slots, 3);
    EXPECT_EQ(system->tokens, "systemd-recovery");
    EXPECT_EQ(method_of(*system), Method::xts_aes_256);

    fs::remove(laptop.root_.below(partition));
    const auto image = laptop.root_.write(partition, "");
    fs::resize_file(image, 5 << 20);
    Laptop::format(image, "luks1", {"--cipher", "aes-cbc-essiv:sha256", "--key-size", "256"});
    EXPECT_EQ(volumes.read("/")->cipher, "aes-cbc-essiv:sha256");
    EXPECT_EQ(method_of(*volumes.read("/")), Method::aes_cbc_256);
    EXPECT_EQ(laptop.escrow.rotate("x").error().fault, Fault::unsupported) << "LUKS1";
    laptop.root_.write(partition, "no header");
    EXPECT_EQ(volumes.read("/")->cipher, std::nullopt);
}

TEST(EncryptionRules, AreKeptAndGivenBack) {
    const test::TemporaryDirectory root;
    Files files(root.path());
    LinuxEncryptionRules record(files);
    EXPECT_EQ(record.read()->required, false);
    const EncryptionRules rules{true,
                                DriveMethods{false, Method::xts_aes_256, Method::xts_aes_256, Method::aes_cbc_128}};
    ASSERT_TRUE(record.write(rules));
    EXPECT_EQ(*record.read(), rules);
    ASSERT_TRUE(record.write({{}, DriveMethods{true}}));
    EXPECT_EQ(record.read()->methods, DriveMethods{true});
    ASSERT_TRUE(record.write({}));
    EXPECT_FALSE(root.has("/var/lib/steward/encryption-rules"));
    root.write("/var/lib/steward/encryption-rules", "methods = 9 9\n");
    EXPECT_EQ(record.read()->methods, std::nullopt);
}

TEST(Volumes, MethodsHaveTheNumbersOfWindows) {
    const auto method = [](const char* cipher, int bits) {
        Volume volume;
        volume.cipher = cipher;
        volume.key_bits = bits;
        return method_of(volume);
    };
    EXPECT_EQ(method("aes-xts-plain64", 256), Method::xts_aes_128);
    EXPECT_EQ(method("aes-xts-plain64", 512), Method::xts_aes_256);
    EXPECT_EQ(method("aes-cbc-essiv:sha256", 128), Method::aes_cbc_128);
    EXPECT_EQ(method("aes-cbc-essiv:sha256", 256), Method::aes_cbc_256);
    EXPECT_EQ(method("serpent-xts-plain64", 512), std::nullopt);
    EXPECT_EQ(method_of({}), std::nullopt);
}

}  // namespace
}  // namespace steward::platform
