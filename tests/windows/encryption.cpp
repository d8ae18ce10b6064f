// BitLocker: what is said of volumes, which methods are asked for, and recovery passwords that nobody can lose.
#include <gtest/gtest.h>

#include "platform/base/bytes.h"
#include "platform/windows/bit_locker.h"
#include "platform/windows/encryption_rules.h"
#include "platform/windows/escrow.h"
#include "platform/windows/volumes.h"
#include "tests/support/issuer.h"
#include "tests/windows/private_registry.h"
#include "tests/windows/scripted_bit_locker.h"

namespace steward::platform {
namespace {

using Disk = test::ScriptedBitLocker::Disk;

const std::string policy = R"(SOFTWARE\Policies\Microsoft\FVE)";

class BitLockerTest : public ::testing::Test {
  protected:
    BitLockerTest() {
        clock_.time = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
        Disk disk{R"(\\?\Volume{1}\)", "C:", 0, 1, 1, 6, false, {}};
        disk.protectors = {{"{1}", {1, "", ""}}, {"{2}", {3, "by the administrator", "1"}}};
        wmi_.disks.push_back(disk);
    }
    Disk& disk() { return wmi_.disks.front(); }
    Volume volume() {
        auto all = volumes_.all();
        EXPECT_TRUE(all);
        return all ? all->at("C:") : Volume();
    }

    FixedClock clock_;
    test::PrivateRegistry device_;
    test::ScriptedBitLocker wmi_;
    BitLocker bit_locker_{wmi_};
    std::vector<LocalDrive> drives_ = {{"C:", true, false}};
    WindowsVolumes volumes_{bit_locker_, [this] { return drives_; }};
};

TEST_F(BitLockerTest, AnEncryptedAndProtectedVolumeIsEncrypted) {
    EXPECT_EQ(volume().judgement, Judgement::encrypted);
    EXPECT_EQ(volume().drive, Drive::system);
    EXPECT_EQ(volume().kind, "BitLocker");
    EXPECT_EQ(method_of(volume()), Method::xts_aes_128);
    EXPECT_EQ(volume().key_slots, 2);
    EXPECT_EQ(volume().tokens, "tpm recovery-password");
    for (const auto& [number, method] : {std::pair(3, Method::aes_cbc_128), std::pair(4, Method::aes_cbc_256),
                                         std::pair(6, Method::xts_aes_128), std::pair(7, Method::xts_aes_256)}) {
        disk().method = number;
        EXPECT_EQ(method_of(volume()), method);
    }
    disk().method = 5;  // the drive's own
    EXPECT_EQ(method_of(volume()), std::nullopt);
    EXPECT_TRUE(*bit_locker_.seals_system());
}

TEST_F(BitLockerTest, WhatIsHalfDoneOrSuspendedIsOpen) {
    for (const auto conversion : {0, 2, 3, 4, 5}) {
        disk().conversion = conversion;
        EXPECT_EQ(volume().judgement, Judgement::open) << conversion;
        EXPECT_FALSE(volume().reason.empty());
        EXPECT_FALSE(*bit_locker_.seals_system());
    }
    disk().conversion = 1;
    disk().protection = 0;
    EXPECT_EQ(volume().judgement, Judgement::open);
    EXPECT_FALSE(*bit_locker_.seals_system());
}

TEST_F(BitLockerTest, WhatNobodyCanTellIsUnknown) {
    disk().locked = true;
    disk().protection = 2;
    EXPECT_EQ(volume().judgement, Judgement::unknown);
    drives_.push_back({"E:", false, true});
    EXPECT_EQ(volumes_.all()->at("E:").judgement, Judgement::unknown);
    EXPECT_EQ(volumes_.all()->at("E:").drive, Drive::removable);
    wmi_.present = false;
    EXPECT_EQ(volume().judgement, Judgement::unknown);
    EXPECT_EQ(volume().drive, Drive::system);
    EXPECT_FALSE(*bit_locker_.seals_system());
}

TEST_F(BitLockerTest, WhenItDoesNotAnswerThatIsSaid) {
    wmi_.changes.emplace_back("killed");
    wmi_.die_at_change(1);
    EXPECT_FALSE(volumes_.all());
    EXPECT_FALSE(bit_locker_.seals_system());
}

TEST_F(BitLockerTest, MethodsAreBitLockersPolicyAndComeBack) {
    device_.set(policy, "EncryptionMethodWithXtsOs", dword(7));
    const auto before = device_.state();
    WindowsEncryptionRules record(device_.registry());
    EXPECT_EQ(record.read()->methods, std::nullopt) << "one of three says nothing of the others";
    EXPECT_EQ(record.read()->required, false);
    EncryptionRules rules;
    rules.required = true;
    rules.methods = DriveMethods{false, Method::xts_aes_256, Method::xts_aes_128, Method::aes_cbc_256};
    ASSERT_TRUE(record.write(rules));
    EXPECT_EQ(*record.read(), rules);
    EXPECT_EQ(device_.number(policy, "EncryptionMethodWithXtsRdv"), 4U);
    rules.methods = DriveMethods{};
    rules.methods->any = true;
    ASSERT_TRUE(record.write(rules));
    EXPECT_EQ(*record.read(), rules);
    EXPECT_EQ(device_.number(policy, "EncryptionMethodWithXtsOs"), std::nullopt);
    ASSERT_TRUE(record.write({}));
    EXPECT_EQ(device_.state(), before);
}

TEST(RecoveryPassword, IsWhatBitLockerTakes) {
    EXPECT_EQ(recovery_password_of(std::string(16, '\0')), "000000-000000-000000-000000-000000-000000-000000-000000");
    EXPECT_EQ(recovery_password_of(std::string(16, '\xFF')).substr(0, 7), "720885-");
}

class EscrowTest : public BitLockerTest {
  protected:
    std::vector<std::string> names() { return *escrow_.names(); }
    std::size_t ours() {
        std::size_t count = 0;
        for (const auto& [id, protector] : disk().protectors)
            count += protector.name.starts_with("Steward ") ? std::size_t{1} : 0;
        return count;
    }
    void expect_untouched_others() {
        EXPECT_TRUE(disk().protectors.contains("{1}"));
        EXPECT_TRUE(disk().protectors.contains("{2}"));
    }

    std::string certificate_ = test::Issuer("Escrow").certificate();
    Outcome certificate_answer_;
    WindowsEscrow escrow_{device_.registry(), bit_locker_,
                          [this]() -> Result<std::string> {
                              if (!certificate_answer_) return certificate_answer_.error();
                              return certificate_;
                          },
                          clock_};
};

TEST_F(EscrowTest, ARotationAddsAPasswordThatIsSealedAndTried) {
    ASSERT_TRUE(escrow_.rotate("r1"));
    ASSERT_EQ(names().size(), 1U);
    const auto key = *escrow_.read(names().front());
    EXPECT_EQ(key.device, "C:");
    EXPECT_EQ(key.state, "waiting");
    EXPECT_EQ(key.slot, std::nullopt);
    EXPECT_TRUE(from_base64(*key.sealed));
    EXPECT_EQ(ours(), 1U);
    EXPECT_EQ(escrow_.last()->state, Rotation::State::passed);
    EXPECT_EQ(escrow_.last()->request, "r1");
    expect_untouched_others();
    for (const auto& [id, protector] : disk().protectors) {
        if (protector.password.size() < 50) continue;
        EXPECT_EQ(device_.state().find(protector.password.substr(0, 13)), std::string::npos) << "it is kept in clear";
    }
}

TEST_F(EscrowTest, TheLastReceivedPasswordWorksUntilANewerOneIsReceived) {
    ASSERT_TRUE(escrow_.rotate("r1"));
    const auto first = names().front();
    ASSERT_TRUE(escrow_.received(first));
    EXPECT_EQ(escrow_.read(first)->state, "received");
    ASSERT_TRUE(escrow_.rotate("r2"));
    ASSERT_TRUE(escrow_.rotate("r3"));
    EXPECT_EQ(names().size(), 2U) << "the one that nobody received has gone";
    EXPECT_EQ(ours(), 2U);
    const auto last = names().back();
    ASSERT_TRUE(escrow_.received(last));
    EXPECT_EQ(names(), std::vector<std::string>{last});
    EXPECT_EQ(ours(), 1U);
    EXPECT_FALSE(escrow_.received(first));
    expect_untouched_others();
}

TEST_F(EscrowTest, APasswordThatSomebodyTookAwayIsGone) {
    ASSERT_TRUE(escrow_.rotate("r1"));
    std::erase_if(disk().protectors, [](const auto& each) { return each.second.name.starts_with("Steward "); });
    EXPECT_EQ(escrow_.read(names().front())->state, "gone");
    EXPECT_EQ(escrow_.received(names().front()).error().fault, Fault::not_found);
    wmi_.changes.emplace_back("killed");
    wmi_.die_at_change(1);
    EXPECT_EQ(escrow_.read(names().front())->state, "unknown");
}

TEST_F(EscrowTest, AKillAnywhereLeavesNothingHalfDone) {
    ASSERT_TRUE(escrow_.rotate("r0"));
    ASSERT_TRUE(escrow_.received(names().front()));
    const auto held = names();
    for (int n = 1;; ++n) {
        device_.calls().fail(n, test::FailingRegistry::Then::dead);
        (void)escrow_.rotate("again");
        const bool killed = device_.calls().failed();
        device_.calls().fail(0);
        ASSERT_TRUE(escrow_.resume()) << n;
        expect_untouched_others();
        EXPECT_EQ(ours(), names().size()) << n;
        EXPECT_EQ(names().front(), held.front()) << n << ": the one that the server has works";
        EXPECT_NE(escrow_.last()->state, Rotation::State::pending);
        if (!killed) break;
    }
    for (int n = 1; n <= 2; ++n) {
        wmi_.changes.clear();
        wmi_.die_at_change(n);
        (void)escrow_.rotate("again");
        wmi_.die_at_change(0);
        ASSERT_TRUE(escrow_.resume()) << n;
        expect_untouched_others();
        EXPECT_EQ(ours(), names().size()) << n;
        EXPECT_EQ(names().front(), held.front());
    }
}

TEST_F(EscrowTest, WhatCanNotBeDoneIsSaidAndRemembered) {
    disk().conversion = 0;
    EXPECT_EQ(escrow_.rotate("r1").error().fault, Fault::unsupported);
    EXPECT_EQ(escrow_.last()->state, Rotation::State::failed);
    EXPECT_EQ(escrow_.last()->request, "r1");
    disk().conversion = 3;
    EXPECT_EQ(escrow_.rotate("r2").error().fault, Fault::busy);
    disk().conversion = 1;
    wmi_.forgets_passwords = true;
    EXPECT_EQ(escrow_.rotate("r3").error().fault, Fault::io);
    EXPECT_EQ(ours(), 0U);
    wmi_.forgets_passwords = false;
    certificate_answer_ = Error{Fault::unsupported, "There is nobody to seal it for.", ""};
    EXPECT_EQ(escrow_.rotate("r4").error().fault, Fault::unsupported);
    certificate_answer_ = Outcome();
    clock_.time += std::chrono::hours(24 * 365 * 50);
    EXPECT_EQ(escrow_.rotate("r5").error().fault, Fault::invalid);
    EXPECT_TRUE(wmi_.changes.size() == 2U) << "added once, and taken away";
    EXPECT_EQ(escrow_.write("x", {}).error().fault, Fault::refused);
    EXPECT_EQ(escrow_.erase("x").error().fault, Fault::refused);
}

TEST_F(EscrowTest, ADamagedListTouchesNothing) {
    ASSERT_TRUE(escrow_.rotate("r1"));
    device_.set(R"(SOFTWARE\Steward\RecoveryKeys)", "State", text_value("rubbish"));
    EXPECT_EQ(escrow_.rotate("r2").error().fault, Fault::io);
    EXPECT_EQ(ours(), 1U);
}

}  // namespace
}  // namespace steward::platform
