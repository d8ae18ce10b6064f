// What enrolment servers insist on, and the failures that can be asked for.
#include "tests/server/habits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/server/applicant.h"
#include "tests/server/faults.h"

namespace steward::server {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

const std::string& message(Step step) {
    static const Applicant applicant("DEV-1");
    static const std::string proof = Applicant::by_password("ann", "x");
    static const std::string messages[] = {Applicant::discover(), Applicant::policies(proof), applicant.request(proof)};
    return messages[static_cast<std::size_t>(step)];
}

struct Breach {
    const char* name;
    Rule rule;
    Step step;
    const char *from, *to;  // the first of it
    const char* says;
};
class ServersInsistOn : public testing::TestWithParam<Breach> {};

std::string everywhere(std::string text, const std::string& from, const std::string& to) {
    for (auto at = text.find(from); at != text.npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
    return text;
}

TEST(ServersInsist, OnThePrefixes) {
    const struct {
        Step step;
        std::string from, to;
    } cases[] = {{Step::discovery, "s", "soap"},
                 {Step::discovery, "a", "wsa"},
                 {Step::policy, "wsse", "o"},
                 {Step::enrolment, "wst", "t"},
                 {Step::enrolment, "ac", "auth"}};
    for (const auto& each : cases) {
        const auto& right = message(each.step);
        EXPECT_EQ(breach_of({Rule::prefixes}, each.step, right, *read_envelope(right)), std::nullopt);
        auto wrong = right;
        for (const std::string before : {"<", "</", " ", "xmlns:"}) {
            const std::string after = before == "xmlns:" ? "=" : ":";
            wrong = everywhere(wrong, before + each.from + after, before + each.to + after);
        }
        const auto envelope = read_envelope(wrong);
        ASSERT_TRUE(envelope) << envelope.error().evidence;
        EXPECT_THAT(breach_of({Rule::prefixes}, each.step, wrong, *envelope).value_or(""), StartsWith("S1"));
    }
}

TEST_P(ServersInsistOn, TheForm) {
    const auto& each = GetParam();
    const auto& right = message(each.step);
    EXPECT_EQ(breach_of({each.rule}, each.step, right, *read_envelope(right)), std::nullopt);
    const auto wrong = everywhere(right, each.from, each.to);
    ASSERT_NE(wrong, right);
    const auto envelope = read_envelope(wrong);
    ASSERT_TRUE(envelope) << envelope.error().what << ' ' << envelope.error().evidence;
    const auto found = breach_of({each.rule}, each.step, wrong, *envelope);
    ASSERT_TRUE(found);
    EXPECT_THAT(*found, StartsWith(each.says));
}

const Breach breaches[] = {
    {"blanks", Rule::no_blanks, Step::policy, "><", ">\n<", "S2"},
    {"namespace_of_discover", Rule::namespaces, Step::discovery, "<Discover xmlns=", "<Discover x=\"\" xmlns=", "S3"},
    {"namespace_of_policies", Rule::namespaces, Step::policy, "<GetPolicies xmlns=", "<GetPolicies  xmlns=", "S3"},
    {"message_id", Rule::addressing, Step::policy, "<a:MessageID>", "<a:MessageID x=\"\">", "S4"},
    {"empty_to", Rule::addressing, Step::discovery, ">https://localhost/<", "><", "S4"},
    {"no_reply_to", Rule::addressing, Step::enrolment, "a:Address", "a:Elsewhere", "S4"},
    {"case_of_encoding", Rule::token_order, Step::enrolment, "#base64binary", "#Base64Binary", "S5"},
    {"no_encoding", Rule::token_order, Step::enrolment, " EncodingType=", " encodingtype=", "S5"},
    {"context_apart", Rule::context_shape, Step::enrolment, "\"><ac:Value>", "\" x=\"\"><ac:Value>", "S6"},
    {"no_edition", Rule::context_items, Step::enrolment, "OSEdition", "OSVariant", "S7"},
    {"no_tpm", Rule::tpm, Step::policy, "TPMManufacturer", "Manufacturer", "S8"},
    {"no_mail", Rule::email, Step::discovery, "ann@corp.example", "corp\\ann", "S9"},
    {"half_mail", Rule::email, Step::discovery, "ann@corp.example", "ann@corp", "S9"},
    {"old_version", Rule::version, Step::discovery, ">4.0<", ">3.0<", "S10"},
};
INSTANTIATE_TEST_SUITE_P(Rules, ServersInsistOn, testing::ValuesIn(breaches),
                         [](const auto& each) { return each.param.name; });

TEST(Habits, UnknownNamesAreAnsweredWithTheKnownOnes) {
    const auto unknown = habits_of("nobody");
    ASSERT_FALSE(unknown);
    EXPECT_THAT(unknown.error().what, HasSubstr("there are plain, fleet, wso2, oscar, literal, mattrax."));
    for (const auto& name : habit_names()) EXPECT_EQ(habits_of(name)->name, name);
}

TEST(ServerFaults, EachIsASoapFaultOfItsOwn) {
    for (const auto& kind : fault_kinds()) {
        auto fault = chosen_fault(kind.name);
        ASSERT_TRUE(fault) << fault.error().what;
        if (kind.does != FaultKind::Does::soap) continue;
        const auto xml = fault_envelope(soap_fault(*fault, "t-1"), "urn:1", {}, {});
        const auto root = read_xml(xml);
        ASSERT_TRUE(root) << xml;
        EXPECT_EQ(root->text_at({"Body", "Fault", "Code", "Subcode", "Value"}), kind.subcode);
        const auto type = root->text_at({"Body", "Fault", "Detail", "DeviceEnrollmentServiceError", "ErrorType"});
        EXPECT_EQ(type, kind.error_type);
    }
    const auto told = chosen_fault("custom=Bring it to room 5.");
    EXPECT_EQ(soap_fault(*told, "t").message, "Bring it to room 5.");
}

TEST(ServerFaults, HappenAtTheirPlaceAndAsOftenAsTold) {
    auto chosen = chosen_fault("busy=3@policy");
    ASSERT_TRUE(chosen);
    EXPECT_EQ(chosen->value, "3");
    chosen->always = false;
    chosen->left = 2;
    Faults faults({*chosen});
    using Does = FaultKind::Does;
    EXPECT_FALSE(faults.due(Place::enrolment, {Does::busy}));
    EXPECT_FALSE(faults.due(Place::policy, {Does::cut}));
    EXPECT_TRUE(faults.due(Place::policy, {Does::cut, Does::busy}));
    EXPECT_TRUE(faults.due(Place::policy, {Does::busy}));
    EXPECT_FALSE(faults.due(Place::policy, {Does::busy}));
}

TEST(ServerFaults, WrongWordsAreAnsweredWithASentence) {
    for (const auto& [words, says] :
         std::vector<std::pair<std::string, std::string>>{{"nothing", "there are message-format"},
                                                          {"busy@moon", "names no place"},
                                                          {"busy=soon", "wants a number"},
                                                          {"cut=-1", "wants a number"},
                                                          {"wrong-nonce@discovery", "no meaning at discovery"},
                                                          {"expired-certificate@session", "no meaning at session"}}) {
        const auto fault = chosen_fault(words);
        ASSERT_FALSE(fault) << words;
        EXPECT_THAT(fault.error().what, HasSubstr(says));
    }
}

}  // namespace
}  // namespace steward::server
