// An enrolment as a whole: to the end, refused, interrupted anywhere.
#include "agent/enrol/enrolment.h"

#include <gmock/gmock.h>

#include "tests/enrol/world.h"
#include "tests/support/snapshot.h"

namespace steward::enrol {
namespace {

using test::World;
using testing::HasSubstr;
using testing::StartsWith;

// Nothing of an enrolment is on the device: no file, no key, no record, no account.
void expect_nothing(World& world, const std::string& when) {
    EXPECT_TRUE(steward::test::snapshot_of(world.state.path()).empty()) << when;
    EXPECT_TRUE(world.rows.ids()->empty()) << when;
    EXPECT_TRUE(world.registrar.accounts.empty()) << when;
}

TEST(Enrolment, F22_ENR_02_FromAUserNameToAnAccountWithACertificate) {
    World world;
    world.renew_terms = "<parm name=\"RenewPeriod\" value=\"60\"/><parm name=\"RetryInterval\" value=\"4\"/>";
    const auto record = world.enrol();
    ASSERT_TRUE(record) << record.error().what << record.error().evidence;
    EXPECT_EQ(record->step, Step::enrolled);
    const auto& account = world.registrar.accounts.at("CorpMDM");
    EXPECT_EQ(account.provisioning.url, "https://mdm.example/dm");
    EXPECT_EQ(account.trust.certificate_file, record->identity.certificate_file);
    EXPECT_EQ(account.trust.key_file, platform::key_source(record->identity.key));
    const auto folder = record->folder();
    const auto pem = world.state.read(folder + "/identity-1.pem");
    EXPECT_TRUE(*world.keys.belongs(record->identity.key, read_certificate(pem)->der));
    EXPECT_EQ(world.state.read(folder + "/roots.pem"), to_pem(World::issuer().certificate()));
    EXPECT_EQ(account.trust.roots_file, world.files.full_path(folder + "/roots.pem"));
    EXPECT_EQ(record->renewal.period_days, 60);
    // What is remembered says the same, and nothing secret.
    const auto kept = all_records(world.rows);
    ASSERT_EQ(kept->size(), 1u);
    EXPECT_EQ(kept->front().identity.fingerprint, record->identity.fingerprint);
    EXPECT_EQ(kept->front().identity.not_after, test::noon + world.lifetime);
    const auto facts = *world.rows.facts(record->id);
    for (const auto& [name, value] : facts) {
        EXPECT_THAT(value, testing::Not(HasSubstr("pa55word"))) << name;
        EXPECT_THAT(value, testing::Not(HasSubstr("wap-provisioningdoc"))) << name;
    }
    ASSERT_TRUE(forget(*record, world.keys, world.files, world.rows));
    world.registrar.accounts.clear();
    expect_nothing(world, "after it is forgotten");
}

TEST(Enrolment, F22_KilledBeforeOrAfterAnyAnswerItGoesOnToTheSameEnd) {
    // The line goes dead at the n-th exchange, as for a process that is killed there: resume() ends as an
    // uninterrupted run would, and with one key.
    for (std::size_t n = 0; n < 4; ++n) {
        for (const bool answered : {false, true}) {  // the server has done its part, and its answer is lost
            World world;
            std::size_t count = 0;
            world.server.answer = [&](const test::Server::Seen& seen) -> Result<transport::Reply> {
                if (count++ != n) return world.serve(seen);
                if (answered) (void)world.serve(seen);
                return Error{Fault::io, "The connection broke off.", {}};
            };
            const auto first = world.enrol();
            ASSERT_FALSE(first);
            EXPECT_EQ(first.error().fault, Fault::io);
            EXPECT_TRUE(world.registrar.accounts.empty());
            const auto record = world.enrolment().resume();
            ASSERT_TRUE(record) << "exchange " << n << ": " << record.error().what;
            EXPECT_EQ(world.registrar.accounts.size(), 1u);
            EXPECT_EQ(world.rows.ids()->size(), 1u);
            EXPECT_FALSE(world.enrolment().resume()) << "it is finished";
            ASSERT_TRUE(forget(*record, world.keys, world.files, world.rows));
            world.registrar.accounts.clear();
            expect_nothing(world, "exchange " + std::to_string(n));
        }
    }
}

TEST(Enrolment, AnAnswerThatIsCutOffIsTheConnectionsFaultAndCanBeGoneOnFrom) {
    for (const std::string step : {"Discovery.svc", "/policy", "/enroll"}) {
        for (const std::size_t bytes : {0U, 10U, 200U}) {
            World world;
            bool cut = false;
            world.server.answer = [&](const test::Server::Seen& seen) -> Result<transport::Reply> {
                auto reply = world.serve(seen);
                if (cut || seen.get || !seen.request.url.ends_with(step)) return reply;
                cut = true;
                reply->body.resize(std::min(bytes, reply->body.size() - 1));
                reply->truncated = true;
                return reply;
            };
            const auto first = world.enrol();
            ASSERT_FALSE(first) << step;
            EXPECT_EQ(first.error().fault, Fault::io) << step << ": " << first.error().what;
            const auto record = world.enrolment().resume();
            ASSERT_TRUE(record) << step << ": " << record.error().what;
        }
    }
}

TEST(Enrolment, AnAnswerThatIsWholeAlthoughTheConnectionBrokeOffCounts) {
    World world;
    world.server.answer = [&](const test::Server::Seen& seen) -> Result<transport::Reply> {
        auto reply = world.serve(seen);
        reply->truncated = true;
        return reply;
    };
    const auto record = world.enrol();
    EXPECT_TRUE(record) << record.error().what;
}

TEST(Enrolment, F22_ANewOneCleansUpWhatWasNotFinished) {
    World world;
    world.server.answer = [&](const test::Server::Seen& seen) -> Result<transport::Reply> {
        if (seen.request.url.ends_with("/enroll")) return Error{Fault::timeout, "No answer.", {}};
        return world.serve(seen);
    };
    ASSERT_FALSE(world.enrol());
    EXPECT_EQ(world.rows.ids()->size(), 1u);
    world.server.answer = [&](const test::Server::Seen& seen) { return world.serve(seen); };
    const auto record = world.enrol();
    ASSERT_TRUE(record) << record.error().what;
    EXPECT_THAT(world.progress, testing::Contains(HasSubstr("cleaning up")));
    EXPECT_EQ(world.rows.ids()->size(), 1u);
    EXPECT_EQ(world.files.list("/keys")->size(), 1u);
}

TEST(Enrolment, ENR_06_ARefusalAtAnyStepLeavesNothing) {
    for (const std::string step : {"Discovery.svc", "/policy", "/enroll"}) {
        World world;
        world.server.answer = [&](const test::Server::Seen& seen) -> Result<transport::Reply> {
            if (seen.get || !seen.request.url.ends_with(step)) return world.serve(seen);
            return test::reply(500, test::fault("s:Authorization", "no"));
        };
        const auto refused = world.enrol();
        ASSERT_FALSE(refused);
        EXPECT_THAT(refused.error().evidence, StartsWith("0x80180003"));
        expect_nothing(world, step);
    }
}

TEST(Enrolment, ENR_04_ADocumentThatCanNotBeAppliedLeavesNothing) {
    World foreign;
    foreign.wrong_key = true;
    EXPECT_THAT(foreign.enrol().error().evidence, StartsWith("0x80180024"));
    expect_nothing(foreign, "a certificate for another key");

    World broken;
    broken.registrar.broken = true;
    EXPECT_EQ(broken.enrol().error().fault, Fault::store);
    expect_nothing(broken, "the account could not be made");

    World nameless;
    nameless.provider = "";
    EXPECT_THAT(nameless.enrol().error().evidence, StartsWith("0x8018001F"));
    expect_nothing(nameless, "no provider");
}

TEST(Enrolment, ASecondEnrolmentWithTheSameServerIsRefusedAndTheFirstStays) {
    World world;
    const auto first = world.enrol();
    ASSERT_TRUE(first);
    const auto before = steward::test::snapshot_of(world.state.path());
    const auto second = world.enrol();
    ASSERT_FALSE(second);
    EXPECT_THAT(second.error().evidence, StartsWith("0x8018000A"));
    EXPECT_EQ(steward::test::snapshot_of(world.state.path()), before);
    EXPECT_EQ(world.rows.ids()->size(), 1u);
    EXPECT_EQ(world.registrar.accounts.size(), 1u);
}

TEST(Enrolment, WithoutAPolicyServiceItIsNotAsked) {
    World world;
    world.server.answer = [&](const test::Server::Seen& seen) -> Result<transport::Reply> {
        if (!seen.get && seen.request.url.ends_with("Discovery.svc")) {
            return test::reply(200, test::soap("<DiscoverResponse><AuthPolicy>OnPremise</AuthPolicy>"
                                               "<EnrollmentServiceUrl>https://mdm.example/enroll"
                                               "</EnrollmentServiceUrl></DiscoverResponse>"));
        }
        return world.serve(seen);
    };
    ASSERT_TRUE(world.enrol());
    for (const auto& seen : world.server.seen) EXPECT_FALSE(seen.request.url.ends_with("/policy"));
}

TEST(Enrolment, ASignedFileMayHoldTheAccountItself) {
    World world;
    Provisioning provisioning;
    provisioning.provider = "Local";
    provisioning.url = "https://mdm.example/dm";
    provisioning.roots = {World::issuer().certificate()};
    const auto record = world.enrolment().apply(provisioning, {});
    ASSERT_TRUE(record) << record.error().what;
    EXPECT_TRUE(world.server.seen.empty());
    EXPECT_EQ(world.registrar.accounts.at("Local").trust.certificate_file, "");
    EXPECT_NE(world.registrar.accounts.at("Local").trust.roots_file, "");
    ASSERT_TRUE(forget(*record, world.keys, world.files, world.rows));
    world.registrar.accounts.clear();
    expect_nothing(world, "forgotten");
    provisioning.identities = {World::issuer().certificate()};
    EXPECT_THAT(world.enrolment().apply(provisioning, {}).error().evidence, StartsWith("0x80180024"));
    expect_nothing(world, "with a certificate for a key from elsewhere");
}

TEST(Enrolment, AuthoritiesOfASignedFileVouchForTheServersAndStay) {
    World world;
    Wish wish;
    wish.user = "bulk@corp.example";
    wish.services = {AuthPolicy::on_premise, "4.0", {}, "https://mdm.example/enroll", {}};
    const steward::test::Issuer authority("authority of the file");
    wish.roots = {authority.certificate()};
    std::string seen_roots;
    world.server.answer = [&](const test::Server::Seen& seen) -> Result<transport::Reply> {
        seen_roots = world.files.find(seen.trust.roots_file.substr(world.state.path().size()))->value_or("none");
        return world.serve(seen);
    };
    const auto record = world.enrolment().begin(wish);
    ASSERT_TRUE(record) << record.error().what;
    EXPECT_EQ(world.server.seen.size(), 1u) << "discovery was skipped";
    EXPECT_EQ(seen_roots, to_pem(authority.certificate()));
    EXPECT_EQ(world.state.read(record->folder() + "/roots.pem"),
              to_pem(World::issuer().certificate()) + to_pem(authority.certificate()));
    EXPECT_FALSE(world.state.has(record->waiting_folder()));
}

TEST(Enrolment, TheAuthoritiesThatWereNamedAreKeptAndTheirCopyIsUsed) {
    World world;
    Wish wish;
    wish.user = "ann@corp.example";
    const steward::test::Issuer authority("authority that was named");
    wish.authorities = to_pem(authority.certificate());
    wish.trust.ca_file = "/media/of/somebody/ca.pem";
    std::vector<std::string> seen_files;
    world.server.answer = [&](const test::Server::Seen& seen) -> Result<transport::Reply> {
        seen_files.push_back(seen.trust.ca_file);
        return world.serve(seen);
    };
    const auto record = world.enrolment().begin(wish);
    ASSERT_TRUE(record) << record.error().what;
    ASSERT_FALSE(seen_files.empty());
    for (const auto& file : seen_files) EXPECT_EQ(file.find("somebody"), std::string::npos) << file;
    const auto copy = record->folder() + "/authorities.pem";
    EXPECT_EQ(world.state.read(copy), wish.authorities);
    EXPECT_EQ(world.registrar.accounts.at(record->provider).trust.ca_file, world.files.full_path(copy));
    EXPECT_EQ(record->trust.ca_file, world.files.full_path(copy));
    EXPECT_FALSE(world.state.has(record->waiting_folder()));
}

}  // namespace
}  // namespace steward::enrol
