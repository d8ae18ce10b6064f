// Provisioning documents of servers that exist, with all their ways of writing.
#include "agent/enrol/provisioning.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/base/bytes.h"
#include "tests/support/issuer.h"

namespace steward::enrol {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

const steward::test::Issuer& issuer() {
    static const steward::test::Issuer made("root");
    return made;
}

std::string certificate_text() {
    return to_base64(issuer().certificate());
}

std::string characteristic(const std::string& type, const std::string& inside = {}) {
    return "<characteristic type=\"" + type + "\">" + inside + "</characteristic>";
}
std::string parm(const std::string& name, const std::string& value, const std::string& datatype = {}) {
    return "<parm name=\"" + name + "\" value=\"" + value + "\"" +
           (datatype.empty() ? "" : " datatype=\"" + datatype + "\"") + "/>";
}
std::string document(const std::string& inside) {
    return "<wap-provisioningdoc version=\"1.1\">" + inside + "</wap-provisioningdoc>";
}
std::string application(const std::string& more = {}, const std::string& provider = "CorpMDM") {
    return characteristic("APPLICATION", parm("APPID", "w7") + parm("PROVIDER-ID", provider) + parm("NAME", "Corp") +
                                             parm("ADDR", "https://mdm.corp.example/dm/session") + more);
}

Provisioning read(const std::string& text) {
    auto made = read_provisioning(text);
    EXPECT_TRUE(made) << made.error().what << made.error().evidence;
    return made ? *made : Provisioning{};
}

std::string setting(const std::vector<Setting>& settings, const std::string& path) {
    for (const auto& each : settings) {
        if (each.path == path) return each.value;
    }
    return "missing";
}

TEST(EnrolProvisioning, ENR_04_TheDocumentOfTheStandard) {
    const auto found = read(document(
        characteristic(
            "CertificateStore",
            characteristic("Root", characteristic("System", characteristic("0123", parm("EncodedCertificate",
                                                                                        certificate_text())))) +
                characteristic(
                    "My",
                    characteristic("User", characteristic("89AB", parm("EncodedCertificate", certificate_text()) +
                                                                      characteristic("PrivateKeyContainer"))) +
                        characteristic("WSTEP", characteristic("Renew", parm("ROBOSupport", "true", "boolean") +
                                                                            parm("RenewPeriod", "60", "integer") +
                                                                            parm("RetryInterval", "4", "integer"))))) +
        application(parm("ROLE", "4294967295") + parm("CONNRETRYFREQ", "3") + parm("INITIALBACKOFFTIME", "16000") +
                    parm("MAXBACKOFFTIME", "3600000") + "<parm name=\"BACKCOMPATRETRYDISABLED\"/>" +
                    parm("DEFAULTENCODING", "application/vnd.syncml.dm+xml") +
                    parm("SSLCLIENTCERTSEARCHCRITERIA", "Subject=CN%3Ddev-1&amp;Stores=My%5CUser") +
                    characteristic("APPAUTH", parm("AAUTHLEVEL", "CLIENT") + parm("AAUTHTYPE", "DIGEST") +
                                                  parm("AAUTHSECRET", "theirs") + parm("AAUTHDATA", "bm9uY2U=")) +
                    characteristic("APPAUTH", parm("AAUTHLEVEL", "APPSRV") + parm("AAUTHTYPE", "BASIC") +
                                                  parm("AAUTHNAME", "dev") + parm("AAUTHSECRET", "ours"))) +
        characteristic(
            "DMClient",
            characteristic(
                "Provider",
                characteristic("CorpMDM", parm("UPN", "ann@corp.example", "string") +
                                              characteristic("Poll", parm("NumberOfFirstRetries", "5", "integer") +
                                                                         parm("PollOnLogin", "True", "boolean")))))));
    EXPECT_THAT(found.roots, ElementsAre(issuer().certificate()));
    EXPECT_THAT(found.identities, ElementsAre(issuer().certificate()));
    EXPECT_EQ(found.provider, "CorpMDM");
    EXPECT_EQ(found.url, "https://mdm.corp.example/dm/session");
    EXPECT_EQ(found.client->name, "dev");
    EXPECT_EQ(found.client->secret, "ours");
    EXPECT_EQ(found.client->nonce, std::nullopt);
    EXPECT_EQ(found.server->secret, "theirs");
    EXPECT_EQ(found.server->nonce, "nonce");
    EXPECT_TRUE(found.renewal.stated);
    EXPECT_EQ(found.renewal.period_days, 60);
    EXPECT_EQ(found.renewal.retry_days, 4);
    EXPECT_EQ(setting(found.account_settings, "Ext/Microsoft/BackCompatRetryDisabled"), "true");
    EXPECT_EQ(setting(found.account_settings, "Ext/Microsoft/MaxBackOffTime"), "3600000");
    EXPECT_EQ(setting(found.account_settings, "Ext/Microsoft/SSLCLIENTCERTSEARCHCRITERIA"),
              "Subject=CN%3Ddev-1&Stores=My%5CUser");
    EXPECT_EQ(setting(found.provider_settings, "UPN"), "ann@corp.example");
    EXPECT_EQ(setting(found.provider_settings, "Poll/NumberOfFirstRetries"), "5");
    EXPECT_EQ(setting(found.provider_settings, "Poll/PollOnLogin"), "true");
    EXPECT_TRUE(found.ignored.empty());
}

TEST(EnrolProvisioning, ENR_04_ServersMayWriteAsTheyLike) {
    // A17 and 12.8: a key container beside its certificate, folded base64, several stores, an empty root store, a
    // provider with a blank, unknown parts, comments, another case, an escape too many, a nonce that is none.
    std::string folded = certificate_text();
    for (std::size_t at = 60; at < folded.size(); at += 62) folded.insert(at, "\n ");
    const auto found = read(
        "\n<?xml version=\"1.0\"?><!-- made by hand -->\n" +
        document(characteristic("CertificateStore", characteristic("Root", characteristic("System"))) +
                 "\n<!-- x -->\n" +
                 characteristic(
                     "CertificateStore",
                     characteristic(
                         "My", characteristic("System", characteristic("89AB", parm("EncodedCertificate", folded)) +
                                                            characteristic("PrivateKeyContainer")))) +
                 characteristic("Surprise", parm("a", "b")) +
                 application(parm("ServerList", "x") + parm("ROLE", "all") +
                                 parm("SSLCLIENTCERTSEARCHCRITERIA", "Subject=CN&amp;amp;Stores=MY") +
                                 characteristic("APPAUTH", parm("aauthlevel", "appsrv") + parm("AAUTHTYPE", "DIGEST") +
                                                               parm("AAUTHNAME", "d") + parm("AAUTHDATA", "nonce")),
                             "MS DM Server") +
                 characteristic("DMClient",
                                characteristic("Provider", characteristic("MS DM Server", parm("UPN", "a@b.c"))))));
    EXPECT_THAT(found.identities, ElementsAre(issuer().certificate()));
    EXPECT_TRUE(found.roots.empty());
    EXPECT_EQ(found.provider, "MS DM Server");
    EXPECT_EQ(found.client->nonce, std::nullopt);
    EXPECT_EQ(setting(found.account_settings, "Ext/Microsoft/SSLCLIENTCERTSEARCHCRITERIA"), "Subject=CN&Stores=MY");
    EXPECT_EQ(setting(found.account_settings, "Ext/Microsoft/Role"), "missing");
    EXPECT_EQ(setting(found.provider_settings, "UPN"), "a@b.c");
    EXPECT_THAT(found.ignored, ElementsAre("Surprise"));
    EXPECT_FALSE(found.renewal.stated);
    EXPECT_EQ(found.renewal.period_days, 42);
}

TEST(EnrolProvisioning, ENR_04_AddressesMayStandInAppAddr) {
    const auto found = read(document(characteristic(
        "APPLICATION", parm("APPID", "w7") + parm("PROVIDER-ID", "P") +
                           characteristic("APPADDR", parm("ADDR", "https://mdm.example/x") +
                                                         characteristic("PORT", parm("PORTNBR", "8443"))))));
    EXPECT_EQ(found.url, "https://mdm.example/x");
    EXPECT_EQ(setting(found.account_settings, "AppAddr/1/Port/1/PortNbr"), "8443");
}

TEST(EnrolProvisioning, ENR_04_OutOfRangeRenewalSaysNothing) {
    const auto renew = [](const std::string& inside) {
        return read(document(
                        characteristic("CertificateStore",
                                       characteristic("My", characteristic("WSTEP", characteristic("Renew", inside))))))
            .renewal;
    };
    EXPECT_FALSE(renew(parm("RenewPeriod", "0")).stated);
    EXPECT_FALSE(renew(parm("RenewPeriod", "1001")).stated);
    EXPECT_EQ(renew(parm("RenewalPeriod", "9")).period_days, 9);
    EXPECT_EQ(renew(parm("RenewPeriod", "3") + parm("RetryInterval", "7")).retry_days, 3);
    EXPECT_FALSE(renew(parm("ROBOSupport", "false")).robo);
}

TEST(EnrolProvisioning, ENR_04_WhatCanNotBeUsedIsNamed) {
    const auto refused = [](const std::string& text) {
        auto made = read_provisioning(text);
        EXPECT_FALSE(made) << text.substr(0, 200);
        return made ? Error{} : made.error();
    };
    EXPECT_THAT(refused("junk").evidence, StartsWith("0x80180023"));
    EXPECT_THAT(refused("<html/>").evidence, StartsWith("0x80180023"));
    EXPECT_THAT(refused(document("<characteristic type=\"APPLICATION\">")).evidence, StartsWith("0x80180023"));
    EXPECT_THAT(refused(document(application({}, ""))).what, HasSubstr("PROVIDER-ID"));
    EXPECT_THAT(refused(document(application({}, "a\x01"))).evidence, StartsWith("0x8018"));
    EXPECT_THAT(refused(document(application({}, std::string(201, 'x')))).what, HasSubstr("PROVIDER-ID"));
    EXPECT_THAT(refused(document(characteristic("APPLICATION",
                                                parm("PROVIDER-ID", "P") + parm("ADDR", "http://mdm.example/x"))))
                    .what,
                HasSubstr("ADDR"));
    EXPECT_THAT(refused(document(characteristic(
                            "CertificateStore",
                            characteristic("Root", characteristic("1", parm("EncodedCertificate", "AAAA"))))))
                    .evidence,
                StartsWith("0x8018001E"));
    EXPECT_THAT(refused(document(application() +
                                 characteristic("DMClient",
                                                characteristic("Provider", characteristic("Other", parm("UPN", "x"))))))
                    .evidence,
                StartsWith("0x80180020"));
    std::string many;
    for (int i = 0; i < 600; ++i) many += parm("N" + std::to_string(i), "x");
    EXPECT_THAT(
        refused(document(characteristic("DMClient", characteristic("Provider", characteristic("P", many))))).what,
        HasSubstr("too many"));
}

TEST(EnrolProvisioning, InvitationsAreUnderstood) {
    const auto found = read(document(characteristic(
        "Workplace",
        characteristic("Enrollments", characteristic("bulk@corp.example",
                                                     parm("AuthPolicy", "OnPremise") + parm("Secret", "s") +
                                                         parm("DiscoveryServiceFullUrl", "https://mdm.example/d"))))));
    ASSERT_TRUE(found.invitation);
    EXPECT_EQ(found.invitation->user, "bulk@corp.example");
    EXPECT_EQ(found.invitation->discovery_url, "https://mdm.example/d");
    EXPECT_EQ(found.invitation->secret, "s");
}

}  // namespace
}  // namespace steward::enrol
