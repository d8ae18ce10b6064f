// Alerts: their codes, those that we send, and those that ask a person. Source: OMA DM Representation Protocol 1.2
// (alert codes), OMA DM Protocol 1.2 section 10, protocol sheet 2.9.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/session/status.h"
#include "agent/syncml/message.h"

namespace steward::session {

enum class AlertCode : std::uint16_t {
    none = 0,  // no code, or one that is no number
    display = 1100,
    confirm = 1101,
    input = 1102,
    choice = 1103,
    choices = 1104,
    started_by_server = 1200,
    started_by_client = 1201,
    next_message = 1222,
    abort = 1223,
    event = 1224,
    no_end_of_data = 1225,
    generic = 1226
};

AlertCode alert_code(const syncml::Command& alert);
bool asks_user(AlertCode code);  // 1100 to 1104

syncml::Command make_alert(AlertCode code);
syncml::Command login_alert(const std::string& login_status);  // 1224 com.microsoft/MDM/LoginStatus
syncml::Command pending_alert();                               // 1224 com.microsoft.mdm.requestpending
// 1226 or 1224 as a device sends it of its own accord. Only type is always stated.
struct GenericAlert {
    std::int64_t code = 1226;
    std::string type, format, mark, source, correlator, data;
};
syncml::Command generic_alert(const GenericAlert& alert);
syncml::Command interrupted_alert(const std::string& target);  // 1225 naming the object

// What a person is to be shown or asked.
struct Prompt {
    AlertCode kind = AlertCode::display;
    std::string text;                              // for choices: the title
    std::vector<std::string> choices;              // choice, choices
    std::size_t min_seconds = 0, max_seconds = 0;  // 0: not stated
    std::string otherwise;                         // DR: response to offer; choices: "2-3"
    std::size_t max_length = 0;                    // input; 0: not stated
    char input_type = 'A';                         // A alphanumeric, N numeric, D DDMMYYYY, T hhmmss, P phone, I IPv4
    bool hidden = false;                           // input: as a password
};

struct PromptAnswer {
    enum class Outcome : std::uint8_t { accepted, rejected, cancelled, timed_out, not_displayable };
    Outcome outcome = Outcome::accepted;
    std::vector<std::string> texts;  // input: the text; choice, choices: numbers, the first choice is 1
};

// Shows a prompt and waits for the person. Where a device has nobody to ask there is none, and the answer is 406.
using UserPrompt = std::function<PromptAnswer(const Prompt&)>;

std::optional<Prompt> prompt_of(const syncml::Command& alert);  // nullopt: a part is missing
Status status_of(PromptAnswer::Outcome outcome);

}  // namespace steward::session
