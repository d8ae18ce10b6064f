// Alerts from the server: ALR of the conformance table, F14 of the protocol sheet.
#include <gmock/gmock.h>

#include <deque>

#include "tests/session/dialogue.h"

namespace steward::session {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using Outcome = PromptAnswer::Outcome;

std::string data(const std::string& text) {
    return "<Item><Data>" + text + "</Data></Item>";
}

struct SessionAlerts : testing::Test, Dialogue {
    std::vector<Prompt> shown;
    std::deque<PromptAnswer> replies;

    void person() {
        settings.prompt = [this](const Prompt& prompt) {
            shown.push_back(prompt);
            PromptAnswer answer = replies.front();
            replies.pop_front();
            return answer;
        };
    }
    void answer(const std::string& commands) {
        open();
        say(commands);
    }
};

TEST_F(SessionAlerts, ALR_01_AGenericAlertKeepsItsForm) {
    syncml::Command event = make_alert(AlertCode::generic);
    event.set().correlator = "job-7";
    event.items.emplace_back();
    event.items.back().source = "./Vendor/MSFT/Job";
    event.items.back().meta = {"int", "Reversed-Domain-Name:com.example.done"};
    event.items.back().meta.set().mark = "critical";
    event.items.back().data = "0";
    settings.alerts.push_back(event);
    open();
    EXPECT_THAT(body, testing::HasSubstr("<Alert><CmdID>4</CmdID><Correlator>job-7</Correlator><Data>1226</Data><Item>"
                                         "<Source><LocURI>./Vendor/MSFT/Job</LocURI></Source><Meta>"));
    ASSERT_THAT(sent.commands, SizeIs(4));
    event.cmd_id = "4";
    EXPECT_EQ(sent.commands[2], event);
}

TEST_F(SessionAlerts, ALR_02_HeadlessIs406AndTheRestGoesOn) {
    answer(command("Sequence", "1", alert("2", "1101", data("") + data("Sure?")) + replace("3", "./A", "1")) +
           alert("4", "1100", data("") + data("Hello")) + replace("5", "./B", "1"));
    EXPECT_THAT(lines(sent), ElementsAre("Status 0 SyncHdr 200", "Status 1 Sequence 200", "Status 2 Alert 406",
                                         "Status 3 Replace 200", "Status 4 Alert 406", "Status 5 Replace 200"));
}

TEST_F(SessionAlerts, ALR_02_F14_ANoEndsTheSequenceAndNothingElse) {
    person();
    replies = {{Outcome::rejected, {}}};
    answer(command("Sequence", "1",
                   replace("2", "./A", "1") + alert("3", "1101", data("") + data("Sure?")) + replace("4", "./B", "1") +
                       command("Sequence", "5", command("Atomic", "6", replace("7", "./C", "1")))) +
           replace("8", "./D", "1"));
    EXPECT_THAT(lines(sent), ElementsAre("Status 0 SyncHdr 200", "Status 1 Sequence 200", "Status 2 Replace 200",
                                         "Status 3 Alert 304", "Status 4 Replace 215", "Status 5 Sequence 215",
                                         "Status 6 Atomic 215", "Status 7 Replace 215", "Status 8 Replace 200"));
    EXPECT_THAT(model.calls, ElementsAre(1U, 1U)) << "what stands before the question happens before it";
    EXPECT_THAT(model.atomic_calls, IsEmpty());
}

TEST_F(SessionAlerts, ALR_02_EveryOutcomeHasItsStatus) {
    person();
    const std::pair<PromptAnswer, const char*> cases[] = {
        {{Outcome::accepted, {}}, "200"},  {{Outcome::rejected, {}}, "304"},        {{Outcome::cancelled, {}}, "214"},
        {{Outcome::timed_out, {}}, "408"}, {{Outcome::not_displayable, {}}, "416"},
    };
    for (const auto& [reply, code] : cases) {
        replies = {reply};
        server_messages = 0;
        answer(alert("5", "1101", data("") + data("Sure?")));
        EXPECT_THAT(lines(sent), ElementsAre("Status 0 SyncHdr 200", std::string("Status 5 Alert ") + code));
    }
}

TEST_F(SessionAlerts, ALR_02_OptionsAreReadAndAnswersReturned) {
    person();
    replies = {{Outcome::accepted, {"12 & 3"}}, {Outcome::accepted, {"1", "3"}}};
    answer(alert("5", "1102",
                 data("MINDT=5&amp;MAXDT=60&amp;DR=a%26b+c&amp;MAXLEN=8&amp;IT=N&amp;ET=P&amp;NEW=1&amp;x") +
                     data("PIN?")) +
           alert("6", "1104", data("DR=2-3") + data("Which?") + data("one") + data("two") + data("three")));
    ASSERT_THAT(shown, SizeIs(2));
    EXPECT_EQ(shown[0].kind, AlertCode::input);
    EXPECT_EQ(shown[0].text, "PIN?");
    EXPECT_EQ(shown[0].min_seconds, 5U);
    EXPECT_EQ(shown[0].max_seconds, 60U);
    EXPECT_EQ(shown[0].otherwise, "a&b c");
    EXPECT_EQ(shown[0].max_length, 8U);
    EXPECT_EQ(shown[0].input_type, 'N');
    EXPECT_TRUE(shown[0].hidden);
    EXPECT_THAT(shown[1].choices, ElementsAre("one", "two", "three"));
    EXPECT_EQ(shown[1].otherwise, "2-3");
    EXPECT_THAT(lines(sent),
                ElementsAre("Status 0 SyncHdr 200", "Status 5 Alert 200=12 & 3", "Status 6 Alert 200=1=3"));
}

TEST_F(SessionAlerts, ALR_02_APromptWithoutTextIsIncomplete) {
    person();
    answer(alert("5", "1100", data("")) + alert("6", "1103", data("") + data("Title")) + alert("7", "1102"));
    EXPECT_THAT(lines(sent),
                ElementsAre("Status 0 SyncHdr 200", "Status 5 Alert 412", "Status 6 Alert 412", "Status 7 Alert 412"));
    EXPECT_THAT(shown, IsEmpty());
}

TEST_F(SessionAlerts, ALR_02_ANoInsideAtomicMeansThatNothingRuns) {
    person();
    replies = {{Outcome::rejected, {}}, {Outcome::accepted, {}}};
    const std::string question = alert("2", "1101", data("") + data("Sure?"));
    answer(command("Atomic", "1", replace("3", "./A", "1") + question) +
           command("Atomic", "4", question + replace("5", "./B", "1")));
    EXPECT_THAT(lines(sent),
                ElementsAre("Status 0 SyncHdr 200", "Status 1 Atomic 507", "Status 3 Replace 215", "Status 2 Alert 304",
                            "Status 4 Atomic 200", "Status 2 Alert 200", "Status 5 Replace 200"));
    EXPECT_FALSE(model.nodes.contains("./A"));
}

TEST_F(SessionAlerts, ALR_03_NextMessageAndEndOfDataAreAcknowledgedOthersNot) {
    answer(alert("5", "1222") + alert("6", "1225", item("./A")) + alert("7", "1224") + alert("8", "1201") +
           alert("9", "banana") + alert("10", "-5"));
    EXPECT_THAT(lines(sent),
                ElementsAre("Status 0 SyncHdr 200", "Status 5 Alert 200", "Status 6 Alert 200", "Status 7 Alert 406",
                            "Status 8 Alert 406", "Status 9 Alert 406", "Status 10 Alert 406"));
}

}  // namespace
}  // namespace steward::session
