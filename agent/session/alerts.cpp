#include "agent/session/alerts.h"

#include "platform/base/bytes.h"
#include "platform/base/text.h"

namespace steward::session {
namespace {

// "%26" as "&", "+" as blank; what is no escape stays.
std::string url_decoded(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size()) {
            if (const auto byte = from_hex(text.substr(i + 1, 2))) {
                plain += *byte;
                i += 2;
                continue;
            }
        }
        plain += text[i] == '+' ? ' ' : text[i];
    }
    return plain;
}

std::size_t positive(std::string_view text) {
    const auto number = to_integer(text);
    return number && *number > 0 ? static_cast<std::size_t>(*number) : 0;
}

void apply_option(Prompt& prompt, std::string_view name, std::string value) {
    if (name == "MINDT") prompt.min_seconds = positive(value);
    if (name == "MAXDT") prompt.max_seconds = positive(value);
    if (name == "MAXLEN") prompt.max_length = positive(value);
    if (name == "ET") prompt.hidden = value == "P";
    if (name == "IT" && value.size() == 1) prompt.input_type = value.front();
    if (name == "DR") prompt.otherwise = std::move(value);
}

std::string data_of(const syncml::Item& item) {
    return item.data.value_or(std::string());
}

}  // namespace

AlertCode alert_code(const syncml::Command& alert) {
    const auto number = to_integer(alert.data);
    return number && *number > 0 && *number < 10'000 ? static_cast<AlertCode>(*number) : AlertCode::none;
}

bool asks_user(AlertCode code) {
    return code >= AlertCode::display && code <= AlertCode::choices;
}

syncml::Command make_alert(AlertCode code) {
    syncml::Command alert;
    alert.name = syncml::Name::alert;
    alert.data = std::to_string(static_cast<unsigned>(code));
    return alert;
}

syncml::Command login_alert(const std::string& login_status) {
    syncml::Command alert = make_alert(AlertCode::event);
    syncml::Item item;
    item.meta.type = "com.microsoft/MDM/LoginStatus";
    item.data = login_status;
    alert.items.push_back(std::move(item));
    return alert;
}

// Without Format, as Windows sends it. Source: MS-MDE2, DMClient EnableOmaDmKeepAliveMessage.
syncml::Command pending_alert() {
    syncml::Command alert = make_alert(AlertCode::event);
    syncml::Item item;
    item.meta.type = "Reversed-Domain-Name:com.microsoft.mdm.requestpending";
    item.data = "1";
    alert.items.push_back(std::move(item));
    return alert;
}

syncml::Command generic_alert(const GenericAlert& given) {
    syncml::Command alert;
    alert.name = syncml::Name::alert;
    alert.data = std::to_string(given.code);
    if (!given.correlator.empty()) alert.set().correlator = given.correlator;
    syncml::Item item;
    item.source = given.source;
    item.meta = syncml::Meta(given.format, given.type);
    if (!given.mark.empty()) item.meta.set().mark = given.mark;
    item.data = given.data;
    alert.items.push_back(std::move(item));
    return alert;
}

syncml::Command interrupted_alert(const std::string& target) {
    syncml::Command alert = make_alert(AlertCode::no_end_of_data);
    syncml::Item item;
    item.target = target;
    alert.items.push_back(std::move(item));
    return alert;
}

std::optional<Prompt> prompt_of(const syncml::Command& alert) {
    Prompt prompt;
    prompt.kind = alert_code(alert);
    const bool chooses = prompt.kind == AlertCode::choice || prompt.kind == AlertCode::choices;
    if (alert.items.size() < (chooses ? 3U : 2U)) return std::nullopt;
    const std::string options = data_of(alert.items[0]);
    for (const std::string_view option : split(options, '&')) {
        const auto equals = option.find('=');
        if (equals == std::string_view::npos) continue;
        apply_option(prompt, trim(option.substr(0, equals)), url_decoded(option.substr(equals + 1)));
    }
    prompt.text = data_of(alert.items[1]);
    for (std::size_t i = 2; chooses && i < alert.items.size(); ++i) prompt.choices.push_back(data_of(alert.items[i]));
    return prompt;
}

Status status_of(PromptAnswer::Outcome outcome) {
    using Outcome = PromptAnswer::Outcome;
    switch (outcome) {
        case Outcome::accepted:
            return Status::done;
        case Outcome::rejected:
            return Status::rejected;
        case Outcome::cancelled:
            return Status::cancelled;
        case Outcome::timed_out:
            return Status::timeout;
        case Outcome::not_displayable:
            return Status::cannot_display;
    }
    return Status::failed;
}

}  // namespace steward::session
