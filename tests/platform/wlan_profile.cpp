// WLAN profile documents: what is understood, what is refused, and that nothing gives a key away.
#include "platform/wlan_profile.h"

#include <gtest/gtest.h>

#include "tests/support/wlan_documents.h"

namespace steward::platform {
namespace {

using namespace test;
using Security = WlanProfile::Security;

const std::string thumbprint = "00112233445566778899AABBCCDDEEFF00112233";
const std::string key = "correct horse";
const std::string derived(64, 'a');

struct Understood {
    const char* title;
    std::string document;
    Security security;
};

TEST(WlanProfile, EveryKindIsUnderstoodAndSaysTheSameWhenReadAgain) {
    const auto server = wlan_server("radius.example.com", thumbprint);
    const std::vector<Understood> cases = {
        {"open", wlan_document(wlan_encryption("open", "none")), Security::open},
        {"OWE", wlan_document(wlan_encryption("OWE", "AES")), Security::owe},
        {"WPA2PSK", wlan_personal(key), Security::wpa2_personal},
        {"derived key", wlan_document(wlan_encryption("WPA2PSK", "AES") + wlan_key(derived, "networkKey")),
         Security::wpa2_personal},
        {"WPA3SAE", wlan_document(wlan_encryption("WPA3SAE", "AES") + wlan_key(key)), Security::wpa3_personal},
        {"transition",
         wlan_document(wlan_encryption("WPA3SAE", "AES", "false", "<transitionMode>true</transitionMode>") +
                       wlan_key(key)),
         Security::wpa3_transition},
        {"EAP-TLS", wlan_enterprise(13, server), Security::wpa2_enterprise},
        {"WPA3ENT", wlan_enterprise(13, server, "WPA3ENT"), Security::wpa3_enterprise},
        {"WPA3ENT192", wlan_enterprise(13, server, "WPA3ENT192"), Security::wpa3_enterprise_192},
        {"PEAP", wlan_enterprise(25, server + "<Eap><Type>26</Type></Eap>"), Security::wpa2_enterprise},
        {"TTLS",
         wlan_enterprise(21, wlan_server(".*\\.example\\.com", thumbprint, "TrustedRootCAHashes") +
                                 "<Phase2Authentication><PAPAuthentication/></Phase2Authentication><Phase1Identity>"
                                 "<IdentityPrivacy>true</IdentityPrivacy><AnonymousIdentity>a&amp;b</AnonymousIdentity>"
                                 "</Phase1Identity>"),
         Security::wpa2_enterprise},
    };
    for (const auto& each : cases) {
        SCOPED_TRACE(each.title);
        auto profile = parse_wlan_profile(each.document);
        ASSERT_TRUE(profile) << profile.error().what;
        EXPECT_EQ(profile->security, each.security);
        EXPECT_EQ(profile->ssid, "Office");
        const auto text = wlan_profile_text(*profile);
        EXPECT_EQ(text, without_wlan_key(each.document));
        if (!profile->personal()) {
            auto again = parse_wlan_profile(text);
            ASSERT_TRUE(again) << again.error().what << text;
            EXPECT_EQ(*again, *profile);
        }
    }
}

TEST(WlanProfile, ItsDetailsAreUnderstood) {
    auto profile = parse_wlan_profile(
        "<?xml version=\"1.0\" encoding=\"US-ASCII\"?>\n<WLANProfile><name>A &amp; B</name><SSIDConfig><SSID>"
        "<hex>00FF41</hex><name>ignored</name></SSID><nonBroadcast>true</nonBroadcast></SSIDConfig>"
        "<connectionType>ESS</connectionType><connectionMode>manual</connectionMode><MSM><security>" +
        wlan_encryption("WPA2PSK", "AES") + wlan_key(" blanks count ") +
        "</security></MSM><MacRandomization><enableRandomization>true</enableRandomization></MacRandomization>"
        "</WLANProfile>");
    ASSERT_TRUE(profile) << profile.error().what;
    EXPECT_EQ(profile->name, "A & B");
    EXPECT_EQ(profile->ssid, std::string("\0\xff\x41", 3));
    EXPECT_TRUE(profile->hidden);
    EXPECT_FALSE(profile->automatic);
    EXPECT_EQ(profile->key, " blanks count ");
    EXPECT_EQ(profile->mac_address, WlanProfile::MacAddress::one_per_network);
    const auto text = wlan_profile_text(*profile);
    EXPECT_NE(text.find("<SSID><hex>00FF41</hex></SSID>"), std::string::npos) << "octets that are no text have no name";
    EXPECT_NE(text.find("<name>A &amp; B</name>"), std::string::npos);
}

TEST(WlanProfile, TheKeyIsNeverInTheTextThatGoesOut) {
    for (const auto& document :
         {wlan_personal(key), wlan_document(wlan_encryption("WPA2PSK", "AES") + wlan_key(derived, "networkKey"))}) {
        const auto text = without_wlan_key(document);
        EXPECT_EQ(text.find(key), std::string::npos);
        EXPECT_EQ(text.find(derived), std::string::npos);
        EXPECT_NE(text.find("<protected>true</protected><keyMaterial></keyMaterial>"), std::string::npos);
    }
    EXPECT_EQ(without_wlan_key("<broken>" + key), "");
}

struct Refused {
    std::string document;
    Fault fault;
    const char* reason;
};

TEST(WlanProfile, WhatIsUnsafeOrUnknownIsRefusedWithAReason) {
    const auto server = wlan_server("radius.example.com", thumbprint);
    const auto open = wlan_encryption("open", "none");
    const std::vector<Refused> cases = {
        {wlan_document(wlan_encryption("open", "WEP")), Fault::unsupported, "WEP"},
        {wlan_document(wlan_encryption("shared", "WEP") + wlan_key(key)), Fault::unsupported, "WEP"},
        {wlan_document(wlan_encryption("WPA2PSK", "TKIP") + wlan_key(key)), Fault::unsupported, "TKIP"},
        {wlan_document(wlan_encryption("WPA2PSK", "AES") + wlan_key("01AB", "passPhrase", "true")), Fault::unsupported,
         "protected"},
        {wlan_document(wlan_encryption("WPA2PSK", "AES")), Fault::invalid, "no sharedKey"},
        {wlan_document(open + wlan_key(key)), Fault::invalid, "does not use"},
        {wlan_personal("short"), Fault::invalid, "8 to 63"},
        {wlan_personal(std::string(64, 'x')), Fault::invalid, "8 to 63"},
        {wlan_personal("caf\xc3\xa9 caf\xc3\xa9"), Fault::invalid, "8 to 63"},
        {wlan_document(wlan_encryption("WPA2PSK", "AES") + wlan_key("xyz", "networkKey")), Fault::invalid, "64"},
        {wlan_document(wlan_encryption("WPA3SAE", "AES") + wlan_key(derived, "networkKey")), Fault::invalid, "derived"},
        {wlan_document(wlan_encryption("WPA2PSK", "none") + wlan_key(key)), Fault::invalid, "AES"},
        {wlan_document(wlan_encryption("WPA2PSK", "AES", "true") + wlan_key(key)), Fault::invalid, "contradict"},
        {wlan_document(wlan_encryption("WPA2PSK", "AES", "perhaps") + wlan_key(key)), Fault::invalid, "useOneX"},
        {wlan_document(wlan_encryption("WPA9", "AES")), Fault::invalid, "there is not"},
        {wlan_document(wlan_encryption("WPA2PSK", "AES", "false", "<FIPSMode>true</FIPSMode>") + wlan_key(key)),
         Fault::unsupported, "FIPSMode"},
        {wlan_document(open, "Office", "<Hotspot2/>"), Fault::unsupported, "Passpoint"},
        {wlan_document(open, std::string(33, 's')), Fault::invalid, "32 octets"},
        {wlan_document(open, ""), Fault::invalid, "name"},
        {wlan_enterprise(13, ""), Fault::unsupported, "ServerValidation"},
        {wlan_enterprise(13, wlan_server("", thumbprint)), Fault::unsupported, "names no authentication server"},
        {wlan_enterprise(13, wlan_server("radius.example.com", "")), Fault::unsupported, "pins no authority"},
        {wlan_enterprise(13, wlan_server("radius.example.com", "AB")), Fault::invalid, "thumbprint"},
        {wlan_enterprise(13, wlan_server("rad[0-9]+.example.com", thumbprint)), Fault::unsupported, "pattern"},
        {wlan_enterprise(13, wlan_server("a.example;.*\\.b.example", thumbprint)), Fault::unsupported, "mixes"},
        {wlan_enterprise(13, server + "<PerformServerValidation>false</PerformServerValidation>"), Fault::unsupported,
         "not checked"},
        {wlan_enterprise(55, server), Fault::unsupported, "13 (TLS)"},
        {wlan_enterprise(25, server + "<Eap><Type>6</Type></Eap>"), Fault::unsupported, "Inside PEAP"},
        {wlan_enterprise(25, server + "<Eap><Type>26</Type></Eap>", "WPA3ENT192"), Fault::invalid, "needs EAP-TLS"},
        {wlan_enterprise(13, server, "WPA2", "user"), Fault::unsupported, "authMode"},
        {wlan_document(wlan_encryption("WPA2", "AES", "true")), Fault::invalid, "no OneX"},
        {"<other/>", Fault::malformed, "no WLAN profile"},
        {"not xml", Fault::malformed, "can't be read"},
        {"", Fault::malformed, "can't be read"},
        {"<!DOCTYPE a [<!ENTITY x \"y\">]><WLANProfile><name>&x;</name></WLANProfile>", Fault::malformed, "entities"},
        {"<WLANProfile>" + std::string(70'000, ' ') + "</WLANProfile>", Fault::too_large, "too large"},
        {"<WLANProfile/>", Fault::invalid, "MSM"},
    };
    for (const auto& each : cases) {
        SCOPED_TRACE(each.document.substr(0, 400));
        const auto profile = parse_wlan_profile(each.document);
        ASSERT_FALSE(profile);
        EXPECT_EQ(profile.error().fault, each.fault) << profile.error().what;
        EXPECT_NE(profile.error().what.find(each.reason), std::string::npos) << profile.error().what;
        EXPECT_EQ(profile.error().what.find(key), std::string::npos);
        EXPECT_EQ(profile.error().evidence, "");
    }
}

}  // namespace
}  // namespace steward::platform
