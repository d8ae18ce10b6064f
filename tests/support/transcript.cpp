#include "tests/support/transcript.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "agent/syncml/read.h"
#include "platform/base/bytes.h"
#include "platform/base/text.h"
#include "tests/support/placeholders.h"
#include "tests/support/rules.h"
#include "tests/support/step.h"

namespace steward::transcript {
namespace {

constexpr std::size_t largest_file = 16u << 20;

class Reader {
  public:
    Reader(std::string_view text, const std::string& file) : lines_(split(text, '\n')) { made_.file = file; }

    Result<Transcript> read() {
        while (at_ < lines_.size()) {
            const auto line = current();
            if (line.empty() || line.front() == '#') {
                ++at_;
                continue;
            }
            if (line.front() == ' ' || line.front() == '\t') {
                return here("This indented line belongs to no step; blocks follow server, exactly or client-alerts.");
            }
            if (auto done = step(line); !done) return done.error();
        }
        if (made_.id.empty()) return here("The file does not begin with \"transcript ID: title\".");
        if (made_.sessions.back().exchanges.empty()) {
            return here("The last session has no server step and no expectation.");
        }
        return std::move(made_);
    }

  private:
    std::string_view current() const {
        auto line = lines_[at_];
        if (line.ends_with('\r')) line.remove_suffix(1);
        while (line.ends_with(' ') || line.ends_with('\t')) line.remove_suffix(1);
        return line;
    }

    Error here(const std::string& what) const {
        return {Fault::malformed,
                made_.file + ", line " + std::to_string(std::min(at_ + 1, lines_.size())) + ": " + what,
                at_ < lines_.size() ? std::string(lines_[at_].substr(0, 120)) : std::string()};
    }
    Error here(const Error& error) const { return here(error.what + "."); }

    Outcome step(std::string_view line) {
        const auto end = line.find_first_of(" \t");
        const auto word = line.substr(0, end);
        const auto rest = end == std::string_view::npos ? std::string_view() : trim(line.substr(end));
        if (word == "transcript") return begin(rest);
        if (made_.id.empty()) return here("The file does not begin with \"transcript ID: title\".");

        auto all = words(line);
        if (!all) return here(all.error());
        if (word == "server") return server(*all);
        if (is_expectation(word)) return expect(word, *all, line);
        if (word == "client-alerts") return client_alerts();
        if (word == "end") return end_session(*all);
        if (word == "session") return next_session(*all);
        if (auto done = setting(word, rest, *all); !done) return done;
        ++at_;
        return {};
    }

    Outcome begin(std::string_view rest) {
        const auto colon = rest.find(':');
        if (!made_.id.empty()) return here("A file holds one transcript; this is a second one.");
        made_.id = trim(rest.substr(0, colon));
        made_.title = colon == std::string_view::npos ? std::string() : trim(rest.substr(colon + 1));
        if (made_.id.empty() || made_.id.find_first_of(" \t/") != std::string::npos) {
            return here("A transcript wants an id without blanks: transcript SES-01: what it proves");
        }
        made_.sessions.emplace_back().line = at_ + 1;
        ++at_;
        return {};
    }

    Session& session() { return made_.sessions.back(); }

    // Everything that is neither a step nor an expectation.
    Outcome setting(std::string_view word, std::string_view rest, const std::vector<Word>& all) {
        if (word == "covers") {
            for (const auto& id : all) {
                if (&id != &all.front()) made_.covers.push_back(id.key);
            }
            return {};
        }
        if (word == "client") return placed(add_client_settings(all, session().client));
        if (word == "gather" || word == "wbxml") {
            if (!rest.empty()) return here("\"" + std::string(word) + "\" stands alone.");
            (word == "gather" ? made_.gather : made_.wbxml) = true;
            return {};
        }
        if (word == "endless") {
            session().endless = true;
            return {};
        }
        if (word == "personality") {
            made_.personality = rest;
            return {};
        }
        if (word == "lenient") return lenient(all);
        if (word == "max-message" || word == "max-object") {
            const auto number = to_integer(rest);
            if (!number || *number < 1) return here("\"" + std::string(word) + "\" wants a number of bytes.");
            (word == "max-message" ? made_.max_message : made_.max_object) = static_cast<std::size_t>(*number);
            return {};
        }
        if (word == "auth") {
            auto proof = client_proof_of(all);
            if (!proof) return here(proof.error());
            session().auth = std::move(*proof);
            return {};
        }
        if (word == "server-auth") {
            auto proof = server_proof_of(all);
            if (!proof) return here(proof.error());
            session().server_auth = std::move(*proof);
            return {};
        }
        return here("\"" + std::string(word) +
                    "\" is no step of a transcript; known are server, expect, expect-next, expect-no, expect-count, "
                    "expect-nothing-else, expect-silence, expect-final, expect-no-final, expect-header, exactly, end, "
                    "session, client, client-alerts, auth, server-auth, covers, gather, wbxml, endless, personality, "
                    "lenient, max-message and max-object.");
    }

    Outcome lenient(const std::vector<Word>& all) {
        for (const auto& rule : all) {
            if (&rule == &all.front()) continue;
            if (!is_rule(rule.key)) return here("\"" + rule.key + "\" is no rule; known are " + rules_listed() + '.');
            made_.lenient.push_back(rule.key);
        }
        return {};
    }

    Outcome placed(const Outcome& outcome) const {
        if (outcome) return outcome;
        return here(outcome.error());
    }

    // The indented lines after the current one, dedented by the indentation of the first; leaves at_ behind them.
    Result<std::string> block() {
        ++at_;
        std::string text;
        std::size_t indentation = 0;
        bool any = false;
        std::size_t blank_lines = 0;
        for (; at_ < lines_.size(); ++at_) {
            auto line = lines_[at_];
            if (line.ends_with('\r')) line.remove_suffix(1);
            if (trim(line).empty()) {
                ++blank_lines;
                continue;
            }
            if (line.front() == '#' && any) continue;
            if (line.front() != ' ' && line.front() != '\t') break;
            const auto begins = line.find_first_not_of(" \t");
            if (!any) indentation = begins;
            if (any) text.append(blank_lines + 1, '\n');
            blank_lines = 0;
            any = true;
            text += line.substr(std::min(indentation, begins));
        }
        auto expanded = expand_repeats(text);
        if (!expanded) return here(expanded.error());
        return expanded;
    }

    Exchange& exchange() {
        auto& exchanges = session().exchanges;
        if (exchanges.empty() || exchanges.back().answer) exchanges.emplace_back();
        return exchanges.back();
    }

    Outcome still_open() const {
        if (!made_.sessions.back().end) return {};
        return here("The session ended above; a line \"session\" begins the next one.");
    }

    Outcome server(const std::vector<Word>& all) {
        if (auto open = still_open(); !open) return open;
        auto answer = answer_of(all);
        if (!answer) return here(answer.error());
        answer->line = at_ + 1;
        auto text = block();
        if (!text) return text.error();
        if (answer->form == Answer::Form::commands && !text->empty()) {
            if (auto commands = read_commands(*text, answer->line + 1); !commands) {
                return Error{Fault::malformed, made_.file + ", " + commands.error().what, commands.error().evidence};
            }
        }
        if (answer->form == Answer::Form::empty && !text->empty()) {
            return Error{
                Fault::malformed,
                made_.file + ", line " + std::to_string(answer->line) + ": An empty answer has no block below it.",
                {}};
        }
        if (answer->bytes) {
            const auto raw = from_base64(*text);
            if (!raw) {
                return Error{Fault::malformed,
                             made_.file + ", line " + std::to_string(answer->line) + ": The block below is no base64.",
                             {}};
            }
            *text = *raw;
        }
        answer->text = std::move(*text);
        exchange().answer = std::move(*answer);
        return {};
    }

    Outcome expect(std::string_view word, const std::vector<Word>& all, std::string_view line) {
        if (auto open = still_open(); !open) return open;
        auto expectation = expectation_of(word, all);
        if (!expectation) return here(expectation.error());
        expectation->line = at_ + 1;
        expectation->written = line;
        if (expectation->kind == Expectation::Kind::exactly) {
            auto text = block();
            if (!text) return text.error();
            if (text->empty()) return here("\"exactly\" wants the bytes in a block below it.");
            expectation->text = std::move(*text);
        } else {
            ++at_;
        }
        for (auto& wanted : expectation->wanted) {
            auto value = expand_repeats(wanted.value);
            if (!value) return here(value.error());
            wanted.value = std::move(*value);
        }
        exchange().expected.push_back(std::move(*expectation));
        return {};
    }

    Outcome client_alerts() {
        const std::size_t line = at_ + 1;
        auto text = block();
        if (!text) return text.error();
        auto commands = read_commands(*text, line + 1);
        if (!commands) {
            return Error{Fault::malformed, made_.file + ", " + commands.error().what, commands.error().evidence};
        }
        session().client_alerts = std::move(*commands);
        return {};
    }

    Outcome end_session(const std::vector<Word>& all) {
        if (auto open = still_open(); !open) return open;
        auto end = end_of(all);
        if (!end) return here(end.error());
        end->line = at_ + 1;
        session().end = *end;
        ++at_;
        return {};
    }

    // What the session before was told about proofs and the client stays so.
    Outcome next_session(const std::vector<Word>& all) {
        if (all.size() > 1) return here("\"session\" stands alone.");
        if (!session().end) return here("The session before has no line \"end\".");
        Session made;
        made.line = at_ + 1;
        made.client = session().client;
        made.client.erase("nonce");
        made.client.erase("server-nonce");
        made.auth = session().auth;
        made.auth.nonce.reset();
        made.auth.challenges.clear();
        made.server_auth = session().server_auth;
        made.server_auth.nonce.reset();
        made_.sessions.push_back(std::move(made));
        ++at_;
        return {};
    }

    std::vector<std::string_view> lines_;
    std::size_t at_ = 0;
    Transcript made_;
};

}  // namespace

Result<Transcript> parse(std::string_view text, const std::string& file) {
    if (text.size() > largest_file) {
        return Error{Fault::too_large, file + ": A transcript of more than 16 MiB is not read.", {}};
    }
    if (!valid_utf8(text)) return Error{Fault::malformed, file + ": A transcript must be UTF-8 text.", {}};
    return Reader(text, file).read();
}

Result<Transcript> load(const std::string& path) {
    std::error_code problem;
    if (!std::filesystem::is_regular_file(path, problem)) {
        return Error{Fault::not_found, "There is no transcript file " + path + '.', problem.message()};
    }
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file) return Error{Fault::io, "The transcript " + path + " cannot be read.", {}};
    return parse(text.str(), path);
}

Result<std::vector<syncml::Command>> read_commands(std::string_view fragment, std::size_t line) {
    // Empty lines above make the reader count lines as the file does; the fragment begins a line of its own.
    std::string document(line > 1 ? line - 2 : 0, '\n');
    document +=
        "<SyncML xmlns=\"SYNCML:SYNCML1.2\" xmlns:msft=\"http://schemas.microsoft.com/MobileDevice/MDM\">"
        "<SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>1</SessionID><MsgID>1</MsgID>"
        "<Target><LocURI>d</LocURI></Target><Source><LocURI>s</LocURI></Source></SyncHdr><SyncBody>";
    if (line > 1) document += '\n';
    document += fragment;
    document += "</SyncBody></SyncML>";
    syncml::Limits limits;
    limits.bytes = 128u << 20;
    limits.data = 64u << 20;
    auto message = syncml::read_xml(document, limits);
    if (!message) return message.error();
    return std::move(message->commands);
}

}  // namespace steward::transcript
