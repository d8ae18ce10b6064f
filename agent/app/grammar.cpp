#include "agent/app/grammar.h"

#include <utility>

#include "agent/app/system.h"
#include "platform/places.h"

namespace steward::app {
namespace {

constexpr const char* purpose = "manages this computer for an OMA-DM server, and says what is really true on it";

constexpr const char* exit_codes =
    "0 done, 1 what was asked for failed, 2 the command line does not fit,\n"
    "3 the state cannot be used, 4 a session did not finish as it should.\n";

constexpr const char* examples =
    "  steward enroll ann@corp.example\n"
    "  steward account add corp --url https://mdm.example/dm --user dev-1 --secret-file pw\n"
    "  steward sync\n"
    "  steward status --json\n"
    "  steward why ./Device/Vendor/MSFT/Policy/Config/DeviceLock/MinDevicePasswordLength\n";

// Source: man(7), groff_char(7). A hyphen that a reader may copy is written as \-.
std::string roff(std::string_view text) {
    constexpr std::string_view ellipsis = "…";
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text.substr(i).starts_with(ellipsis)) {
            out += "...";
            i += ellipsis.size() - 1;
            continue;
        }
        const char c = text[i];
        const bool line_start = out.empty() || out.back() == '\n';
        if (line_start && (c == '.' || c == '\'')) out += "\\&";
        if (c == '\\') {
            out += "\\e";
        } else if (c == '-') {
            out += "\\-";
        } else {
            out += c;
        }
    }
    return out;
}

std::string roff_options(const std::vector<Option>& options) {
    std::string text;
    for (const auto& option : options) {
        text += ".TP\n.B " + roff("--" + option.name);
        if (!option.value.empty()) text += " \\fI" + roff(option.value) + "\\fR";
        text += "\n" + roff(option.about) + "\n";
    }
    return text;
}

std::string verbatim(std::string_view text) {
    return ".nf\n" + roff(text) + ".fi\n";
}

}  // namespace

std::vector<Verb> verbs() {
    std::vector<Verb> all = {status_verb(), sync_verb(),    tree_verb(),     why_verb(),   plan_verb(), syncml_verb(),
                             enroll_verb(), account_verb(), unenroll_verb(), audit_verb(), run_verb()};
    for (auto& verb : verbs_of_this_system()) all.push_back(std::move(verb));
    for (auto& verb : {updates_verb(), wipe_verb(), completion_verb(), version_verb()}) all.push_back(verb);
    return all;
}

const std::vector<Option>& options_of_every_verb() {
    static const std::vector<Option> options = {
        {"root", "DIR", "manage the device below DIR instead of /"},
        {"state", "DIR", "keep Steward's own state in DIR (default: " + platform::state_directory("ROOT") + ")"},
        {"json", "", "print JSON"},
        {"help", "", "explain this command"},
    };
    return options;
}

std::string help_page() {
    std::string page = "steward " + std::string(purpose) + ".\n\nUsage: steward VERB [WORDS] [OPTIONS]\n\n";
    for (const auto& verb : verbs()) {
        std::string line = verb.name;
        line.resize(12, ' ');
        page += "  " + line + verb.about + "\n";
    }
    return page + "\nOptions of every verb:\n" + describe(options_of_every_verb()) + "\nExit codes: " + exit_codes +
           "\nExamples:\n" + examples;
}

std::string help_page(const Verb& verb) {
    std::string page =
        "steward " + verb.name + ": " + verb.about + "\n\nUsage: steward " + verb.name + " " + verb.synopsis + "\n\n";
    if (!verb.options.empty()) page += "Options:\n" + describe(verb.options) + "\n";
    return page + "Options of every verb:\n" + describe(options_of_every_verb()) + "\nExamples:\n" + verb.examples;
}

std::string manual_page() {
    std::string page =
        ".TH STEWARD 1 \"\" \"steward " STEWARD_VERSION "\" \"User Commands\"\n.SH NAME\nsteward \\- " + roff(purpose) +
        "\n.SH SYNOPSIS\n.B steward\n\\fIVERB\\fR [\\fIWORDS\\fR] [\\fIOPTIONS\\fR]\n"
        ".SH DESCRIPTION\n"
        "Steward enrols a computer with a management server (MS\\-MDE2) and keeps it as the server wants "
        "it (OMA\\-DM, MS\\-MDM). The service is \\fBsteward run\\fR; every other verb asks or changes "
        "something and ends.\n.SH VERBS\n";
    for (const auto& verb : verbs()) {
        page += ".SS \"" + roff(verb.name) + " " + roff(verb.synopsis) + "\"\n" + roff(verb.about) + "\n" +
                roff_options(verb.options) + ".PP\n" + verbatim(verb.examples);
    }
    return page + ".SH OPTIONS OF EVERY VERB\n" + roff_options(options_of_every_verb()) + ".SH EXIT STATUS\n" +
           roff(exit_codes) +
           ".SH FILES\n.TP\n.I /var/lib/steward\nthe state: what is wanted, what was before, keys and the audit log\n"
           ".TP\n.I /etc/steward/enroll.d\nsigned files by which the device enrols at its next start\n"
           ".SH EXAMPLES\n" +
           verbatim(examples);
}

}  // namespace steward::app
