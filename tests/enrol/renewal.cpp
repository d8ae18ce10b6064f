// Certificates renew themselves: a clock that runs for years, servers that fail.
#include "agent/enrol/renewal.h"

#include <gmock/gmock.h>

#include <random>

#include "agent/enrol/expiry.h"
#include "tests/enrol/world.h"

namespace steward::enrol {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using test::noon;
using test::World;
using testing::HasSubstr;
using testing::StartsWith;

RenewalFacts facts(std::chrono::seconds lifetime, Renewal terms = {}) {
    return {noon, noon + lifetime, terms, std::nullopt};
}
Renewal stated(std::int64_t period, std::int64_t retry = 7) {
    return {true, period, retry, true};
}

TEST(NextRenewal, ENR_05_IsDueWhenTwoThirdsAreOverOrWhenTheServerSays) {
    EXPECT_EQ(next_renewal(noon, facts(days(360)), 0), noon + days(240));
    EXPECT_EQ(next_renewal(noon, facts(days(360), stated(60)), 0), noon + days(300));
    EXPECT_EQ(next_renewal(noon, facts(days(360), stated(200)), 0), noon + days(160));
    // A period as long as the lifetime would renew for ever.
    EXPECT_EQ(next_renewal(noon, facts(days(360), stated(360)), 0), noon + days(240));
    EXPECT_EQ(next_renewal(noon + days(250), facts(days(360)), 0), noon + days(250)) << "overdue: now";
    const auto late = next_renewal(noon, facts(days(360)), 0.999);
    EXPECT_GT(*late, noon + days(240));
    EXPECT_LE(*late, noon + days(241));
}

TEST(NextRenewal, ENR_05_NeverAfterTheEnd) {
    EXPECT_EQ(next_renewal(noon + days(360), facts(days(360)), 0), std::nullopt);
    EXPECT_EQ(next_renewal(noon, facts(days(360), {false, 42, 7, true}), 0), std::nullopt);
    auto failing = facts(days(360));
    for (auto at = noon + days(240); at < noon + days(360);) {
        failing.last_attempt = at;
        const auto next = next_renewal(at, failing, 0.7);
        ASSERT_TRUE(next);
        ASSERT_LT(*next, failing.not_after);
        if (*next <= at) break;
        at = *next;
    }
}

TEST(NextRenewal, ENR_05_TriesComeAtDifferentHoursAndCloserToTheEndMoreOften) {
    std::mt19937 random(7);
    std::uniform_real_distribution<double> jitter(0, 1);
    auto failing = facts(days(360), stated(60, 4));
    std::set<std::int64_t> hours_of_day;
    int tries = 0;
    auto at = *next_renewal(noon, failing, jitter(random));
    while (at < failing.not_after - hours(1)) {
        ++tries;
        hours_of_day.insert(std::chrono::duration_cast<hours>(at.time_since_epoch()).count() % 24);
        failing.last_attempt = at;
        const auto next = *next_renewal(at, failing, jitter(random));
        ASSERT_GT(next, at);
        ASSERT_LE(next - at, days(5));
        at = next;
    }
    EXPECT_GT(tries, 24);
    EXPECT_GT(hours_of_day.size(), 8u);
}

TEST(Renewing, ENR_05_AsksWithTheOldCertificateForANewKey) {
    World world;
    world.registrar.server_id = "emm-7";
    auto record = *world.enrol();
    const auto old = record.identity;
    const auto old_pem = world.state.read(record.folder() + "/identity-1.pem");
    world.clock.time = noon + days(250);
    world.server.seen.clear();
    const auto renewed = renew(record, world.means());
    ASSERT_TRUE(renewed) << renewed.error().what << renewed.error().evidence;
    ASSERT_EQ(world.server.seen.size(), 1u);
    const auto& seen = world.server.seen.front();
    EXPECT_EQ(seen.request.url, "https://mdm.example/enroll");
    EXPECT_EQ(seen.trust.certificate_file, old.certificate_file);
    EXPECT_EQ(seen.trust.key_file, platform::key_source(old.key));
    EXPECT_THAT(seen.request.body, HasSubstr("/200512/Renew<"));
    EXPECT_THAT(seen.request.body, HasSubstr("#PKCS7\""));
    EXPECT_THAT(seen.request.body, HasSubstr("#PasswordText\"></wsse:Password>"));
    // The new key differs; both identities are there until the new one has worked.
    EXPECT_NE(record.identity.key, old.key);
    EXPECT_EQ(record.identity.not_after, world.clock.time + world.lifetime);
    const auto& account = world.registrar.accounts.at("CorpMDM");
    EXPECT_EQ(account.trust.certificate_file, record.identity.certificate_file);
    ASSERT_EQ(account.later.size(), 2u);
    EXPECT_EQ(account.later[0].path, "CertRenewTimeStamp");
    EXPECT_EQ(account.later[0].value, "20270308T120000Z");
    EXPECT_EQ(account.later[1].path, "SignedEntDMID");
    EXPECT_TRUE(
        steward::test::signature_fits(read_certificate(old_pem)->der, "emm-7", *from_base64(account.later[1].value)));
    EXPECT_TRUE(world.keys.sign(old.key, "x"));
    ASSERT_TRUE(confirm(record, world.means()));
    EXPECT_FALSE(world.keys.sign(old.key, "x"));
    EXPECT_EQ(world.files.list(record.folder())->size(), 2u) << "roots.pem and identity-2.pem";
    EXPECT_EQ(load_record(world.rows, record.id)->identity.fingerprint, record.identity.fingerprint);
}

TEST(Renewing, ENR_05_ARefusedNewIdentityGivesWayToTheOldOne) {
    World world;
    auto record = *world.enrol();
    const auto old = record.identity;
    world.clock.time = noon + days(250);
    ASSERT_TRUE(renew(record, world.means()));
    ASSERT_TRUE(fall_back(record, world.means()));
    EXPECT_EQ(record.identity.fingerprint, old.fingerprint);
    EXPECT_EQ(world.registrar.certificate_file_of("CorpMDM"), old.certificate_file);
    EXPECT_TRUE(world.keys.sign(old.key, "x"));
    EXPECT_EQ(world.files.list("/keys")->size(), 1u);
    EXPECT_FALSE(fall_back(record, world.means()));
    EXPECT_GT(*next_renewal(world.clock.time, facts_for(record), 0), world.clock.time);
    EXPECT_TRUE(renew(record, world.means())) << "and the next renewal works";
}

TEST(Renewing, ENR_05_ALostAnswerCostsNoSecondKey) {
    World world;
    auto record = *world.enrol();
    world.clock.time = noon + days(250);
    world.server.answer = [&](const test::Server::Seen& seen) -> Result<transport::Reply> {
        (void)world.serve(seen);
        return Error{Fault::timeout, "No answer.", {}};
    };
    ASSERT_FALSE(renew(record, world.means()));
    EXPECT_EQ(record.failures, 1);
    const auto waiting = load_record(world.rows, record.id);
    EXPECT_EQ(waiting->last_error, "No answer.");
    EXPECT_EQ(waiting->last_attempt, world.clock.time);
    world.server.answer = [&](const test::Server::Seen& seen) { return world.serve(seen); };
    record = *waiting;
    ASSERT_TRUE(renew(record, world.means()));
    EXPECT_EQ(record.failures, 0);
    EXPECT_EQ(world.files.list("/keys")->size(), 2u);
}

TEST(Renewing, ENR_05_WhatTheAccountShowsIsNeverErased) {
    World world;
    auto record = *world.enrol();
    const auto old = record.identity;
    world.clock.time = noon + days(250);
    world.registrar.broken = true;
    ASSERT_FALSE(renew(record, world.means()));
    EXPECT_EQ(world.registrar.certificate_file_of("CorpMDM"), old.certificate_file);
    world.registrar.broken = false;
    ASSERT_TRUE(renew(record, world.means()));
    // Killed before the record knew: the account has the new identity, the record the old one.
    auto behind = record;
    behind.identity = *record.previous;
    behind.previous = record.identity;
    ASSERT_TRUE(confirm(behind, world.means()));
    EXPECT_TRUE(world.keys.sign(record.identity.key, "x"));
}

TEST(Renewing, ENR_05_IdentitiesThatWereNeverUsedDoNotPileUp) {
    World world;
    auto record = *world.enrol();
    for (int round = 1; round <= 3; ++round) {
        world.clock.time += days(250);
        ASSERT_TRUE(renew(record, world.means()));
        EXPECT_EQ(world.files.list("/keys")->size(), 2u) << "in force, and the one before";
        EXPECT_EQ(world.files.list(record.folder())->size(), 3u);
        EXPECT_TRUE(world.keys.sign(record.previous->key, "x"));
    }
    ASSERT_TRUE(forget(record, world.keys, world.files, world.rows));
    EXPECT_FALSE(world.state.has("keys"));
    EXPECT_FALSE(world.state.has("enrolments"));
}

TEST(Renewing, ENR_05_AnExpiredIdentityIsExplained) {
    World world;
    auto record = *world.enrol();
    world.clock.time = noon + days(365);
    world.server.seen.clear();
    const auto refused = renew(record, world.means());
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().what, HasSubstr("expired on 2027-07-01T12:00:00Z"));
    EXPECT_THAT(refused.error().what, HasSubstr("enrol again"));
    EXPECT_TRUE(world.server.seen.empty());
    EXPECT_EQ(next_renewal(world.clock.time, facts_for(record), 0), std::nullopt);
}

TEST(Renewing, ENR_05_ABackDatedCertificateIsRefusedAndTheOldOneStays) {
    World world;
    auto record = *world.enrol();
    const auto old = record.identity;
    world.clock.time = noon + days(250);
    world.lifetime = -days(1);
    const auto refused = renew(record, world.means());
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().evidence, StartsWith("0x8018001E"));
    EXPECT_EQ(world.registrar.certificate_file_of("CorpMDM"), old.certificate_file);
    EXPECT_EQ(record.identity.fingerprint, old.fingerprint);
}

// Two years with certificates of 45 days, at a server that fails every other time: not one hour without a valid
// identity, and never more than two keys.
TEST(Renewing, ENR_05_TwoYearsWithoutALapse) {
    World world;
    world.lifetime = days(45);
    world.renew_terms = "<parm name=\"RenewPeriod\" value=\"14\"/><parm name=\"RetryInterval\" value=\"2\"/>";
    auto record = *world.enrol();
    std::mt19937 random(11);
    std::uniform_real_distribution<double> jitter(0, 1);
    int renewals = 0, failures = 0, refused_once = 0;
    world.server.answer = [&](const test::Server::Seen& seen) -> Result<transport::Reply> {
        switch (random() % 4) {
            case 0:
                return Error{Fault::io, "No connection.", {}};
            case 1:
                return test::reply(503, "");
            default:
                return world.serve(seen);
        }
    };
    while (world.clock.time < noon + days(730)) {
        const auto due = next_renewal(world.clock.time, facts_for(record), jitter(random));
        ASSERT_TRUE(due) << "a lapse after " << renewals << " renewals";
        world.clock.time = std::max(*due, world.clock.time + minutes(1));
        ASSERT_LT(world.clock.time, record.identity.not_after);
        if (!renew(record, world.means())) {
            ++failures;
        } else {
            ++renewals;
            // Now and then the server forgets what it issued.
            if (random() % 5 == 0) {
                ++refused_once;
                ASSERT_TRUE(fall_back(record, world.means()));
            } else {
                ASSERT_TRUE(confirm(record, world.means()));
            }
        }
        ASSERT_LE(world.files.list("/keys")->size(), 2u);
        record = *load_record(world.rows, record.id);  // as after a restart
    }
    EXPECT_GE(renewals, 20);
    EXPECT_GE(failures, 8);
    EXPECT_GE(refused_once, 1);
}

TEST(Expiry, ENR_05_IsToldAtThirtyFourteenSevenAndOneDay) {
    const auto stage = [](std::chrono::seconds left, std::chrono::seconds lifetime = days(365)) {
        return expiry_stage(noon - lifetime + left, noon + left, noon);
    };
    EXPECT_EQ(stage(days(31)), std::nullopt);
    EXPECT_EQ(stage(days(30)), 30);
    EXPECT_EQ(stage(days(15)), 30);
    EXPECT_EQ(stage(days(14)), 14);
    EXPECT_EQ(stage(days(7)), 7);
    EXPECT_EQ(stage(hours(24)), 1);
    EXPECT_EQ(stage(minutes(1)), 1);
    EXPECT_EQ(stage(std::chrono::seconds(0)), 0);
    EXPECT_EQ(stage(days(20), days(30)), std::nullopt) << "a short life warns in its last third only";
    EXPECT_EQ(stage(days(9), days(30)), 14);
}

}  // namespace
}  // namespace steward::enrol
