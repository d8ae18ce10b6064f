// Every reason for which a server refuses, in every form in which servers say it.
#include "agent/enrol/fault.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "agent/enrol/soap.h"
#include "tests/enrol/script.h"

namespace steward::enrol {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string detail(const std::string& type, const std::string& message = "m", bool pascal = true) {
    const auto tag = [&](std::string name) {
        if (!pascal) {
            for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        }
        return name;
    };
    const auto part = [&](const std::string& name, const std::string& text) {
        return "<" + tag(name) + ">" + text + "</" + tag(name) + ">";
    };
    return "<s:Detail>" +
           ("<" + tag("DeviceEnrollmentServiceError") +
            " xmlns=\"http://schemas.microsoft.com/windows/pki/2009/01/enrollment\">") +
           part("ErrorType", type) + part("Message", message) + part("TraceId", "t-0042") + "</" +
           tag("DeviceEnrollmentServiceError") + "></s:Detail>";
}

Error error_of(int status, const std::string& body) {
    const auto read = read_envelope(status, body);
    EXPECT_FALSE(read) << body;
    return read ? Error{} : read.error();
}

TEST(EnrolFaults, ENR_06_EveryCodeHasASentenceThatSaysWhatToDo) {
    std::set<std::uint32_t> codes;
    for (const auto& each : refusals()) {
        EXPECT_TRUE(codes.insert(each.code).second) << each.name;
        EXPECT_EQ(each.code & 0xFFFFFF00u, 0x80180000u);
        EXPECT_GT(each.sentence.size(), 30u) << each.name;
        EXPECT_EQ(each.sentence.back(), '.') << each.name;
        EXPECT_NE(each.fault, Fault::bug) << each.name;
    }
    for (std::uint32_t code = 0x80180001; code <= 0x80180019; ++code) {
        // Windows knows no error under these three.
        if (code == 0x8018000B || code == 0x8018000C || code == 0x80180011) continue;
        EXPECT_NE(refusal_of(code), nullptr) << std::hex << code;
    }
}

struct Case {
    const char* name;
    const char* code;
};

TEST(EnrolFaults, ENR_06_EverySubcodeOfTheStandard) {
    for (const auto& [subcode, code] :
         {Case{"s:MessageFormat", "0x80180001"}, Case{"s:Authentication", "0x80180002"},
          Case{"s:Authorization", "0x80180003"}, Case{"s:CertificateRequest", "0x80180004"},
          Case{"s:EnrollmentServer", "0x80180005"}, Case{"a:InternalServiceFault", "0x80180006"},
          Case{"a:InvalidSecurity", "0x80180007"}, Case{"s:Whatever", "0x80180008"}}) {
        for (const int status : {200, 400, 500}) {
            EXPECT_THAT(error_of(status, test::fault(subcode, "words")).evidence, StartsWith(code)) << subcode;
        }
    }
}

TEST(EnrolFaults, ENR_06_EveryErrorTypeOfTheDetail) {
    for (const auto& [type, code] : {Case{"DeviceCapReached", "0x80180013"}, Case{"DeviceNotSupported", "0x80180014"},
                                     Case{"NotSupported", "0x80180015"}, Case{"NotEligibleToRenew", "0x80180016"},
                                     Case{"InMaintenance", "0x80180017"}, Case{"UserLicense", "0x80180018"},
                                     Case{"InvalidEnrollmentData", "0x80180019"},
                                     Case{"CustomServerError", "0x80180032"}, Case{"80180018", "0x80180018"}}) {
        for (const bool pascal : {true, false}) {
            const auto error = error_of(500, test::fault("s:Authorization", "r", detail(type, "m", pascal)));
            EXPECT_THAT(error.evidence, StartsWith(code)) << type;
            EXPECT_THAT(error.evidence, HasSubstr("trace t-0042"));
        }
    }
}

TEST(EnrolFaults, ENR_06_F23_DeviceCapReachedSaysWhoCanMendIt) {
    const auto error = error_of(
        500, test::fault("s:Authorization", "limit reached", detail("DeviceCapReached", "5 devices per user")));
    EXPECT_EQ(error.evidence, "0x80180013 DeviceCapReached; server says: 5 devices per user; trace t-0042");
    EXPECT_THAT(error.what, HasSubstr("remove one at the server"));
    EXPECT_EQ(error.fault, Fault::full);
}

TEST(EnrolFaults, TheServersOwnWordsAreShownOnOneLine) {
    const auto error =
        error_of(500, test::fault("s:Authorization", "r", detail("CustomServerError", "Call\n\tthe desk&#x7F;: 123")));
    EXPECT_THAT(error.what, StartsWith("The server refuses: Call  the desk"));
    for (const char c : error.what + error.evidence) EXPECT_GE(static_cast<unsigned char>(c), 0x20);
    EXPECT_LT(error_of(500, test::fault("s:Authorization", std::string(100'000, 'x'))).evidence.size(), 1000u);
}

TEST(EnrolFaults, FaultsInEveryDialectAreFaults) {
    // A13: lower case, with status 200.
    const std::string lower_case =
        "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body><s:fault><s:code><s:value>s:receiver"
        "</s:value><s:subcode><s:value>s:authorization</s:value></s:subcode></s:code><s:reason><s:text>no"
        "</s:text></s:reason></s:fault></s:Body></s:Envelope>";
    EXPECT_THAT(error_of(200, lower_case).evidence, StartsWith("0x80180003"));
    const std::string old_soap =
        "<?xml version=\"1.0\"?>\n<!-- old --><soap:Envelope "
        "xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\">\n"
        "<soap:Body><soap:Fault><faultcode>s:Authentication</faultcode><faultstring>no</faultstring></soap:Fault>"
        "</soap:Body></soap:Envelope>";
    EXPECT_THAT(error_of(500, old_soap).evidence, StartsWith("0x80180002"));
    EXPECT_THAT(error_of(200, old_soap).evidence, StartsWith("0x80180002"));
}

TEST(EnrolFaults, WhatIsNoSoapIsExplainedByTheStatus) {
    EXPECT_THAT(error_of(401, "").evidence, StartsWith("0x80180002"));
    EXPECT_THAT(error_of(403, "<html>").evidence, StartsWith("0x80180003"));
    EXPECT_EQ(error_of(404, "<html>").fault, Fault::not_found);
    EXPECT_THAT(error_of(302, "").evidence, StartsWith("0x8018001A"));
    EXPECT_EQ(error_of(503, "busy").fault, Fault::busy);
    EXPECT_THAT(error_of(500, "oops").evidence, StartsWith("0x80180005"));
    EXPECT_THAT(error_of(200, "").evidence, StartsWith("0x80180029"));
    EXPECT_THAT(error_of(200, "<html><body>portal</body></html>").what, HasSubstr("no SOAP message"));
    EXPECT_THAT(error_of(200, "{\"json\":1}").what, HasSubstr("no SOAP message"));
}

TEST(EnrolDocument, EntitiesAndDepthAreRefused) {
    EXPECT_FALSE(syncml::read_document("<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>"));
    EXPECT_FALSE(syncml::read_document("<a>&unknown;</a>"));
    EXPECT_TRUE(syncml::read_document("<!DOCTYPE a SYSTEM \"http://x.example/a.dtd\"><a/>"));
    std::string deep;
    for (int i = 0; i < 100; ++i) deep += "<a>";
    EXPECT_EQ(syncml::read_document(deep).error().fault, Fault::too_large);
    EXPECT_EQ(syncml::read_document(std::string(9u << 20, ' ')).error().fault, Fault::too_large);
    EXPECT_EQ(syncml::read_document("<a><b></a>").error().fault, Fault::malformed);
    EXPECT_EQ(syncml::read_document(std::string("<a>\0</a>", 8)).error().fault, Fault::malformed);
    const auto read =
        syncml::read_document("\xEF\xBB\xBF  <x:A q=\"1&amp;2\"><!-- c --> t<![CDATA[<u>]]>&lt; <b/></x:A>");
    ASSERT_TRUE(read) << read.error().what;
    EXPECT_EQ(read->name, "A");
    EXPECT_EQ(read->attribute("Q"), "1&2");
    EXPECT_EQ(read->text, "t<u><");
    EXPECT_NE(read->child("B"), nullptr);
}

}  // namespace
}  // namespace steward::enrol
