// Authentication of both sides inside a session: AUT of the conformance table, F4 to F8 of the protocol sheet.
#include "agent/session/authentication.h"

#include <gmock/gmock.h>

#include "platform/base/bytes.h"
#include "tests/session/dialogue.h"

namespace steward::session {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

constexpr char ok[] = "Status 0 SyncHdr 200";
constexpr char nonce_c4[] = "q83vASNFZ4k=";
constexpr char proof_c4[] = "cZBOkultdwbAJMeg4a+3Tw==";

Shape refuse(const std::string& code, const std::string& chal) {
    Shape shape;
    shape.header_status = code;
    shape.chal = chal;
    return shape;
}

std::string cred(const std::string& type, const std::string& data) {
    return "<Cred><Meta><Format xmlns=\"syncml:metinf\">b64</Format><Type xmlns=\"syncml:metinf\">" + type +
           "</Type></Meta><Data>" + data + "</Data></Cred>";
}

Shape with_header(const std::string& header) {
    Shape shape;
    shape.header = header;
    return shape;
}

struct SessionProof : testing::Test, Dialogue {
    SessionProof() { settings.client = {Auth::md5, "dev-0001", "s3cr3t", "", false}; }

    std::string proof() const { return sent.header.cred ? sent.header.cred->data : std::string(); }
    std::string chal_nonce() const {
        const auto& chal = sent.commands.at(0).get().chal;
        return chal ? chal->get().next_nonce : std::string();
    }
    void expect_package_one() const {
        EXPECT_THAT(lines(sent), ElementsAre(StartsWith("Status 0 SyncHdr"), "Alert 1201", "Alert 1224=none",
                                             StartsWith("Replace ./DevInfo/DevId")));
        EXPECT_TRUE(sent.final);
    }
};

TEST_F(SessionProof, AUT_03_F4_AChallengeIsMetByARepeatedPackageOne) {
    open();
    EXPECT_FALSE(sent.header.cred);
    EXPECT_EQ(sent.header.source.name, "");
    say("", refuse("407", chal("syncml:auth-md5", nonce_c4)));
    expect_package_one();
    EXPECT_EQ(sent.header.msg_id, "2");
    EXPECT_EQ(sent.header.session_id, "7");
    EXPECT_EQ(sent.header.source.name, "dev-0001");
    EXPECT_EQ(proof(), proof_c4);
    EXPECT_EQ(sent.header.cred->meta.type, "syncml:auth-md5");
    EXPECT_EQ(sent.header.cred->meta.format, "b64");
    EXPECT_EQ(sent.commands[0].get().msg_ref, "1");
    EXPECT_THAT(nonces.client, IsEmpty()) << "who challenged us is not known yet";
    say(get("5", "./A"), refuse("212", ""));
    EXPECT_THAT(lines(sent), ElementsAre(ok, "Status 5 Get ./A 404"));
    EXPECT_THAT(nonces.client, ElementsAre(nonce_from_wire(nonce_c4)));
}

TEST_F(SessionProof, AUT_03_04_F5_AChallengeAfterTheRetryEndsTheSession) {
    for (const char* code : {"401", "407"}) {
        Dialogue one;
        one.settings.client = settings.client;
        one.open();
        one.say("", refuse("407", chal("syncml:auth-md5", nonce_c4)));
        EXPECT_TRUE(one.step.send);
        one.say("", refuse(code, chal("syncml:auth-md5", nonce_c4)));
        EXPECT_FALSE(one.step.send);
        EXPECT_EQ(one.step.end, End::not_authenticated);
        EXPECT_THAT(one.nonces.client, IsEmpty());
    }
}

TEST_F(SessionProof, AUT_04_AStaleNonceInTheMiddleIsRetriedOnceToo) {
    settings.client.nonce = "old";
    settings.client.nonce_known = true;
    open();
    say(get("5", "./A"));
    say("", refuse("401", chal("syncml:auth-md5", nonce_c4)));
    expect_package_one();
    EXPECT_EQ(proof(), proof_c4);
    say(get("5", "./A"));
    say("", refuse("401", chal("syncml:auth-md5", "bmV3")));
    EXPECT_EQ(step.end, End::not_authenticated);
}

TEST_F(SessionProof, AUT_05_F6_212WithANonceIsForTheNextSession) {
    settings.client.nonce = nonce_from_wire(nonce_c4);
    settings.client.nonce_known = true;
    open();
    EXPECT_EQ(proof(), proof_c4) << "an agreed nonce is used before any challenge";
    EXPECT_EQ(sent.header.source.name, "dev-0001");
    say(get("5", "./A"), refuse("212", chal("syncml:auth-md5", "bmV4dA==")));
    EXPECT_FALSE(sent.header.cred);
    EXPECT_THAT(nonces.client, ElementsAre("next"));
    say(get("5", "./A"));
    EXPECT_FALSE(sent.header.cred);
    EXPECT_THAT(nonces.client, ElementsAre("next"));
}

TEST_F(SessionProof, AUT_05_TheNonceIsStoredEvenWhenTheSessionEndsWithIt) {
    settings.client.nonce_known = true;
    open();
    say("", refuse("212", chal("syncml:auth-md5", "bmV4dA==")));
    EXPECT_EQ(step.end, End::finished);
    EXPECT_THAT(nonces.client, ElementsAre("next"));
}

TEST_F(SessionProof, AUT_07_F7_200MeansThisMessageOnly) {
    settings.client.nonce = "n0";
    settings.client.nonce_known = true;
    open();
    EXPECT_EQ(proof(), md5_proof("dev-0001", "s3cr3t", "n0"));
    say(get("5", "./A"), refuse("200", chal("syncml:auth-md5", to_base64("n1"))));
    EXPECT_EQ(proof(), md5_proof("dev-0001", "s3cr3t", "n1"));
    EXPECT_THAT(nonces.client, ElementsAre("n1"));
    say(get("5", "./A"), refuse("200", chal("syncml:auth-md5", to_base64("n2"))));
    EXPECT_EQ(proof(), md5_proof("dev-0001", "s3cr3t", "n2"));
    EXPECT_THAT(nonces.client, ElementsAre("n1", "n2"));
    say(get("5", "./A"));
    EXPECT_EQ(proof(), md5_proof("dev-0001", "s3cr3t", "n2")) << "no new nonce: the last one stays";
}

TEST_F(SessionProof, AUT_06_NoncesOfAnyFormAndAChalInLowerCase) {
    for (const auto& [wire, raw] :
         {std::pair{"nonce", "nonce"}, std::pair{"bm9uY2U=", "nonce"}, std::pair{"bm9uY2U", "bm9uY2U"}}) {
        Dialogue one;
        one.settings.client = settings.client;
        one.open();
        one.say("", refuse("407", "<chal><Meta><NextNonce>" + std::string(wire) +
                                      "</NextNonce><Type>syncml:auth-md5</Type><Format>b64</Format></Meta></chal>"));
        ASSERT_TRUE(one.sent.header.cred) << wire;
        EXPECT_EQ(one.sent.header.cred->data, md5_proof("dev-0001", "s3cr3t", raw)) << wire;
    }
}

TEST_F(SessionProof, AUT_01_BasicIsSentOnEveryMessageUntil212) {
    settings.client.kind = Auth::basic;
    open();
    EXPECT_FALSE(sent.header.cred);
    say("", refuse("407", "<Chal><Meta><Type xmlns=\"syncml:metinf\">syncml:auth-basic</Type></Meta></Chal>"));
    EXPECT_EQ(proof(), "ZGV2LTAwMDE6czNjcjN0");
    say(get("5", "./A"));
    EXPECT_EQ(proof(), "ZGV2LTAwMDE6czNjcjN0");
    say(get("5", "./A"), refuse("212", ""));
    EXPECT_FALSE(sent.header.cred);
    EXPECT_THAT(nonces.client, IsEmpty());
}

TEST_F(SessionProof, AUT_03_AnUnknownOrWeakerChallengeIsDeclinedWith406) {
    for (const char* type : {"syncml:auth-x509", "syncml:auth-basic"}) {
        Dialogue one;
        one.settings.client = settings.client;
        one.open();
        one.say("", refuse("407", chal(type, nonce_c4)));
        EXPECT_THAT(lines(one.sent), ElementsAre(ok, "Status 1 Status 406")) << type;
        EXPECT_FALSE(one.sent.header.cred) << "the secret must not leave";
        EXPECT_TRUE(one.sent.final);
        EXPECT_EQ(one.step.end, End::not_authenticated);
    }
}

TEST_F(SessionProof, AUT_03_ADigestMayStandInForBasic) {
    settings.client.kind = Auth::basic;
    open();
    say("", refuse("407", chal("syncml:auth-md5", nonce_c4)));
    EXPECT_EQ(proof(), proof_c4);
}

TEST_F(SessionProof, AUT_03_WithoutCredentialsAChallengeEndsTheSession) {
    settings.client = {};
    open();
    say("", refuse("407", chal("syncml:auth-md5", nonce_c4)));
    EXPECT_FALSE(step.send);
    EXPECT_EQ(step.end, End::not_authenticated);
}

TEST_F(SessionProof, AUT_03_401WithoutAChallengeAfterAProofEndsTheSession) {
    settings.client.nonce_known = true;
    open();
    say("", refuse("401", ""));
    EXPECT_FALSE(step.send);
    EXPECT_EQ(step.end, End::not_authenticated);
}

TEST_F(SessionProof, AUT_11_NoCredentialsWithoutTls) {
    for (const Auth kind : {Auth::basic, Auth::md5, Auth::mac}) {
        for (const bool ours : {true, false}) {
            Dialogue one;
            (ours ? one.settings.client : one.settings.server) = {kind, "n", "s", "", true};
            one.settings.transport_is_secure = false;
            one.open();
            EXPECT_FALSE(one.step.send);
            EXPECT_EQ(one.step.end, End::not_authenticated);
            EXPECT_EQ(one.step.error.fault, Fault::refused);
            one.settings.allow_digest_without_tls = true;
            one.open();
            EXPECT_TRUE(one.step.send);
        }
    }
}

TEST_F(SessionProof, AUT_09_F8_MacOnEveryMessage) {
    settings.client.kind = Auth::mac;
    open();
    EXPECT_EQ(step.send->hmac, "");
    say("", refuse("407", chal("syncml:auth-MAC", nonce_c4)));
    expect_package_one();
    EXPECT_FALSE(sent.header.cred) << "a MAC never stands in Cred";
    EXPECT_EQ(step.send->hmac,
              hmac_header("dev-0001", mac_proof("dev-0001", "s3cr3t", nonce_from_wire(nonce_c4), body)));
    EXPECT_EQ(sent.header.source.name, "dev-0001");
    say(get("5", "./A"), refuse("200", chal("syncml:auth-MAC", to_base64("n2"))));
    EXPECT_EQ(step.send->hmac, hmac_header("dev-0001", mac_proof("dev-0001", "s3cr3t", "n2", body)));
    EXPECT_THAT(nonces.client, ElementsAre("n2"));
    say(get("5", "./A"), refuse("212", ""));
    EXPECT_FALSE(step.send);
    EXPECT_EQ(step.end, End::not_authenticated);
    EXPECT_THAT(step.error.what, HasSubstr("MAC"));
}

TEST_F(SessionProof, AUT_08_AServerThatProvesItselfGets212AndANewNonce) {
    settings.client = {};
    settings.server = {Auth::md5, "server", "pw", "sn", true};
    open();
    say(replace("5", "./A", "1"), with_header(cred("syncml:auth-md5", md5_proof("server", "pw", "sn"))));
    EXPECT_THAT(lines(sent), ElementsAre("Status 0 SyncHdr 212", "Status 5 Replace 200"));
    EXPECT_EQ(chal_nonce(), to_base64("fresh nonce 1"));
    EXPECT_EQ(sent.commands[0].get().chal->type, "syncml:auth-md5");
    EXPECT_THAT(nonces.server, ElementsAre("fresh nonce 1"));
    say(replace("6", "./A", "2"));
    EXPECT_THAT(lines(sent), ElementsAre(ok, "Status 6 Replace 200")) << "212 holds for the session";
    EXPECT_THAT(nonces.server, ElementsAre("fresh nonce 1"));
}

TEST_F(SessionProof, AUT_08_WithoutProofNothingIsExecuted) {
    settings.client = {};
    settings.server = {Auth::md5, "server", "pw", "sn", true};
    open();
    const std::string commands = replace("5", "./A", "1") + command("Atomic", "6", replace("7", "./A", "1")) +
                                 alert("8", "1222") + get("9", "./A");
    say(commands);
    EXPECT_THAT(lines(sent), ElementsAre("Status 0 SyncHdr 407", "Status 5 Replace 407", "Status 6 Atomic 407",
                                         "Status 7 Replace 407", "Status 8 Alert 407", "Status 9 Get 407"));
    EXPECT_EQ(chal_nonce(), to_base64("fresh nonce 1"));
    EXPECT_THAT(nonces.server, IsEmpty()) << "a stranger must not displace the nonce of the real server";
    EXPECT_THAT(model.operations, IsEmpty());
    say(commands, with_header(cred("syncml:auth-md5", md5_proof("server", "pw", "fresh nonce 1"))));
    EXPECT_THAT(lines(sent), Contains("Status 5 Replace 200"));
    EXPECT_THAT(nonces.server, ElementsAre("fresh nonce 2"));
}

TEST_F(SessionProof, AUT_08_AWrongProofIs401AndTheSecondEnds) {
    settings.client = {};
    settings.server = {Auth::md5, "server", "pw", "sn", true};
    open();
    say(replace("5", "./A", "1"), with_header(cred("syncml:auth-md5", md5_proof("server", "guess", "sn"))));
    EXPECT_THAT(lines(sent), ElementsAre("Status 0 SyncHdr 401", "Status 5 Replace 401"));
    EXPECT_EQ(chal_nonce(), to_base64("fresh nonce 1"));
    say(replace("5", "./A", "1"), with_header(cred("syncml:auth-md5", md5_proof("server", "guess", "fresh nonce 1"))));
    EXPECT_FALSE(step.send);
    EXPECT_EQ(step.end, End::server_not_authenticated);
    EXPECT_THAT(model.operations, IsEmpty());
    EXPECT_THAT(nonces.server, IsEmpty());
}

TEST_F(SessionProof, AUT_08_ADigestOverAnUnknownNonceIsWorthNothing) {
    settings.client = {};
    settings.server = {Auth::md5, "server", "pw", "", false};
    open();
    say(replace("5", "./A", "1"), with_header(cred("syncml:auth-md5", md5_proof("server", "pw", ""))));
    EXPECT_THAT(lines(sent), ElementsAre("Status 0 SyncHdr 401", "Status 5 Replace 401"));
}

TEST_F(SessionProof, AUT_08_AnUnprovenServerThatWantsNothingIsNotChallenged) {
    settings.client = {};
    settings.server = {Auth::md5, "server", "pw", "sn", true};
    open();
    say();
    EXPECT_FALSE(step.send);
    EXPECT_EQ(step.end, End::finished);
}

TEST_F(SessionProof, AUT_08_AnUnprovenServersNonceIsNotStored) {
    settings.client.nonce_known = true;
    settings.server = {Auth::md5, "server", "pw", "sn", true};
    open();
    say("", refuse("212", chal("syncml:auth-md5", to_base64("poison"))));
    EXPECT_EQ(step.end, End::finished);
    EXPECT_THAT(nonces.client, IsEmpty());
}

TEST_F(SessionProof, AUT_08_BothSidesChallengeInOneMessage) {
    settings.server = {Auth::md5, "server", "pw", "", false};
    open();
    say("", refuse("407", chal("syncml:auth-md5", nonce_c4)));
    EXPECT_EQ(lines(sent).front(), "Status 0 SyncHdr 407");
    EXPECT_EQ(chal_nonce(), to_base64("fresh nonce 1"));
    EXPECT_EQ(proof(), proof_c4);
    Shape mutual = refuse("212", chal("syncml:auth-md5", to_base64("n2")));
    mutual.header = cred("syncml:auth-md5", md5_proof("server", "pw", "fresh nonce 1"));
    say(replace("5", "./A", "1"), mutual);
    EXPECT_THAT(lines(sent), ElementsAre("Status 0 SyncHdr 212", "Status 5 Replace 200"));
    EXPECT_THAT(nonces.client, ElementsAre("n2"));
    EXPECT_THAT(nonces.server, ElementsAre("fresh nonce 2"));
}

TEST_F(SessionProof, AUT_08_CredOfAServerThatNeedNotProveItselfIsIgnored) {
    settings.client = {};
    open();
    say(replace("5", "./A", "1"), with_header(cred("syncml:auth-md5", "bm9uc2Vuc2U=")));
    EXPECT_THAT(lines(sent), ElementsAre(ok, "Status 5 Replace 200"));
    EXPECT_FALSE(sent.commands[0].get().chal);
}

TEST_F(SessionProof, AUT_09_TheServersMacIsCheckedOnEveryMessage) {
    settings.client = {};
    settings.server = {Auth::mac, "server", "pw", "sn", true};
    open();
    const auto sign = [&](const std::string& commands, const std::string& name, const std::string& nonce) {
        Shape shape;
        shape.hmac = hmac_header(name, mac_proof("server", "pw", nonce, message(commands, shape)));
        return shape;
    };
    const std::string wish = replace("5", "./A", "1");
    say(wish, sign(wish, "server", "sn"));
    EXPECT_THAT(lines(sent), ElementsAre(ok, "Status 5 Replace 200")) << "never 212 for a MAC";
    EXPECT_EQ(chal_nonce(), to_base64("fresh nonce 1"));
    EXPECT_EQ(sent.commands[0].get().chal->type, "syncml:auth-MAC");
    EXPECT_THAT(nonces.server, ElementsAre("fresh nonce 1"));
    say(wish, sign(wish, "server", "fresh nonce 1"));
    EXPECT_THAT(lines(sent), ElementsAre(ok, "Status 5 Replace 200"));
    say(wish, sign(wish + erase("6", "./A"), "server", "fresh nonce 2"));
    EXPECT_THAT(lines(sent), ElementsAre("Status 0 SyncHdr 401", "Status 5 Replace 401")) << "another body";
    say(wish);
    EXPECT_EQ(step.end, End::server_not_authenticated);
    EXPECT_EQ(model.operations.size(), 2U);
}

TEST_F(SessionProof, AUT_09_AMacUnderAnotherNameIsWrong) {
    settings.client = {};
    settings.server = {Auth::mac, "server", "pw", "sn", true};
    open();
    Shape shape;
    shape.hmac = hmac_header("other", mac_proof("server", "pw", "sn", message(get("5", "./A"), shape)));
    say(get("5", "./A"), shape);
    EXPECT_THAT(lines(sent), ElementsAre("Status 0 SyncHdr 401", "Status 5 Get 401"));
}

// A server that speaks one scheme towards us and demands one from us: the whole of a session with mutual proof.
class MutualProof : public testing::TestWithParam<std::tuple<Auth, Auth>>, public Dialogue {
  protected:
    std::string nonce_for_client = "c0", nonce_for_server;

    bool client_proved() const {
        const Auth kind = std::get<0>(GetParam());
        const bool named = sent.header.source.name == "dev";
        if (kind == Auth::mac) {
            return named && step.send->hmac == hmac_header("dev", mac_proof("dev", "pw1", nonce_for_client, body));
        }
        if (!named || !sent.header.cred || sent.header.cred->meta.type != type_of(kind)) return false;
        return sent.header.cred->data ==
               (kind == Auth::basic ? basic_proof("dev", "pw1") : md5_proof("dev", "pw1", nonce_for_client));
    }
    void say_proved(const std::string& commands, Shape shape) {
        const Auth kind = std::get<1>(GetParam());
        if (kind == Auth::basic) shape.header = cred("syncml:auth-basic", basic_proof("srv", "pw2"));
        if (kind == Auth::md5) shape.header = cred("syncml:auth-md5", md5_proof("srv", "pw2", nonce_for_server));
        if (kind == Auth::mac) {
            shape.hmac = hmac_header("srv", mac_proof("srv", "pw2", nonce_for_server, message(commands, shape)));
        }
        say(commands, shape);
    }
    void note_server_nonce() {
        const auto& chal = sent.commands.at(0).get().chal;
        if (!chal) return;
        EXPECT_EQ(chal->type, type_of(std::get<1>(GetParam())));
        EXPECT_EQ(chal->get().next_nonce.empty(), std::get<1>(GetParam()) == Auth::basic);
        nonce_for_server = nonce_from_wire(chal->get().next_nonce);
    }
};

TEST_P(MutualProof, AUT_08_EveryPairOfSchemesReachesAnAnswer) {
    const auto [ours, theirs] = GetParam();
    settings.client = {ours, "dev", "pw1", "", false};
    settings.server = {theirs, "srv", "pw2", "", false};
    open();
    say("", refuse("407", chal(std::string(type_of(ours)), to_base64(nonce_for_client))));
    EXPECT_TRUE(client_proved());
    EXPECT_EQ(lines(sent).front(), "Status 0 SyncHdr 407");
    note_server_nonce();

    Shape accepted;
    accepted.header_status = ours == Auth::mac ? "200" : "212";
    if (ours != Auth::basic) accepted.chal = chal(std::string(type_of(ours)), to_base64("c1"));
    say_proved(replace("5", "./A", "1"), accepted);
    nonce_for_client = "c1";
    EXPECT_THAT(lines(sent), ElementsAre(theirs == Auth::mac ? ok : "Status 0 SyncHdr 212", "Status 5 Replace 200"));
    EXPECT_EQ(client_proved(), ours == Auth::mac) << "after 212 no more proofs";
    note_server_nonce();

    Shape last;
    if (ours == Auth::mac) last.chal = chal("syncml:auth-MAC", to_base64("c2"));
    say_proved("", last);
    EXPECT_EQ(step.end, End::finished);
    EXPECT_EQ(nonces.client.empty(), ours == Auth::basic);
    EXPECT_EQ(nonces.server.empty(), theirs == Auth::basic);
    EXPECT_EQ(model.nodes["./A"].data, "1");
}

INSTANTIATE_TEST_SUITE_P(NinePairs, MutualProof,
                         testing::Combine(testing::Values(Auth::basic, Auth::md5, Auth::mac),
                                          testing::Values(Auth::basic, Auth::md5, Auth::mac)));

}  // namespace
}  // namespace steward::session
