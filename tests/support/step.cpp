#include "tests/support/step.h"

#include <algorithm>
#include <array>
#include <regex>

#include "platform/base/bytes.h"
#include "platform/base/text.h"

namespace steward::transcript {
namespace {

using Kind = Expectation::Kind;

struct Step {
    std::string_view word;
    Kind kind;
};
constexpr std::array<Step, 10> steps = {{{"expect", Kind::some},
                                         {"expect-next", Kind::next},
                                         {"expect-no", Kind::none},
                                         {"expect-count", Kind::count},
                                         {"expect-nothing-else", Kind::nothing_else},
                                         {"expect-silence", Kind::silence},
                                         {"expect-final", Kind::final},
                                         {"expect-no-final", Kind::no_final},
                                         {"expect-header", Kind::header},
                                         {"exactly", Kind::exactly}}};

constexpr std::array<std::string_view, 16> command_names = {
    "Add",     "Alert",    "Atomic", "Copy", "Delete", "Exec", "Get", "Replace",
    "Results", "Sequence", "Status", "Put",  "Search", "Sync", "Map", "Move"};
constexpr std::array<std::string_view, 21> command_keys = {
    "cmdid",  "msgref", "cmdref", "cmd",  "data", "targetref", "sourceref", "chal",       "nonce", "error", "item",
    "source", "target", "format", "type", "mark", "size",      "length",    "correlator", "items", "more"};
constexpr std::array<std::string_view, 16> header_keys = {
    "msgid", "session", "target",       "source", "locname",  "cred",        "verdtd",     "verproto",
    "hmac",  "url",     "content-type", "bytes",  "resp-uri", "max-message", "max-object", "commands"};
constexpr std::array<std::string_view, 26> client_keys = {"auth",
                                                          "user",
                                                          "secret",
                                                          "nonce",
                                                          "server-auth",
                                                          "server-user",
                                                          "server-secret",
                                                          "server-nonce",
                                                          "encoding",
                                                          "session",
                                                          "login",
                                                          "max-messages",
                                                          "max-object-size",
                                                          "max-message-size",
                                                          "server-initiated",
                                                          "insecure",
                                                          "digest-without-tls",
                                                          "original-errors",
                                                          "prompt",
                                                          "server-id",
                                                          "url",
                                                          "dev-id",
                                                          "man",
                                                          "mod",
                                                          "dmv",
                                                          "lang"};
constexpr std::array<std::string_view, 10> answer_header_keys = {
    "msgid", "session", "verdtd", "verproto", "target", "source", "resp-uri", "max-message", "max-object", "no-resp"};

template <std::size_t Size>
bool one_of(std::string_view word, const std::array<std::string_view, Size>& words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

template <std::size_t Size>
std::string listed(const std::array<std::string_view, Size>& words) {
    std::string text;
    for (const auto word : words) text += (text.empty() ? "" : ", ") + std::string(word);
    return text;
}

Error bad(std::string what) {
    return {Fault::malformed, std::move(what), {}};
}

Error unknown(std::string_view what, std::string_view word, const std::string& known) {
    return bad("\"" + std::string(word) + "\" is no " + std::string(what) + "; known are " + known);
}

Result<std::size_t> number_of(const Word& word) {
    const auto number = to_integer(word.value);
    if (!number || *number < 0) return bad("\"" + word.key + "\" wants a number, not \"" + word.value + "\"");
    return static_cast<std::size_t>(*number);
}

Outcome check_comparison(const Word& word) {
    if (word.is == Word::Is::at_most || word.is == Word::Is::at_least) {
        if (auto number = number_of(word); !number) return number.error();
    }
    if (word.is != Word::Is::like) return {};
    try {
        const std::regex tried(word.value, std::regex::ECMAScript);
    } catch (const std::regex_error& error) {
        return bad("\"" + word.value + "\" is no regular expression: " + error.what());
    }
    return {};
}

template <std::size_t Size>
Outcome check_keys(const std::vector<Word>& wanted, const std::array<std::string_view, Size>& keys) {
    for (const auto& word : wanted) {
        if (word.is == Word::Is::bare) return bad("\"" + word.key + "\" should be key=value");
        const bool http_header = word.key.starts_with("http-");
        if (!one_of(word.key, keys) && !http_header) return unknown("key here", word.key, listed(keys));
        if (auto checked = check_comparison(word); !checked) return checked;
    }
    return {};
}

Result<session::Auth> auth_named(std::string_view name) {
    if (const auto auth = session::auth_named(name)) return *auth;
    return unknown("authentication", name, "none, basic, md5, mac");
}

// The kind that stands first behind auth and server-auth.
Result<session::Auth> kind_of(const std::vector<Word>& all) {
    if (all.size() < 2 || all[1].is != Word::Is::bare) {
        return bad(all[0].key + " wants its kind first: " + all[0].key + " md5 user=NAME secret=WORD");
    }
    return auth_named(all[1].key);
}

// What client_proof_of and server_proof_of have in common: "md5 user=NAME secret=WORD nonce=BASE64".
template <class Proof>
Result<bool> common_proof(const Word& word, Proof& proof) {
    if (word.key == "user") {
        proof.name = word.value;
    } else if (word.key == "secret") {
        proof.secret = word.value;
    } else if (word.key == "nonce") {
        proof.nonce = session::nonce_from_wire(word.value);
    } else {
        return false;
    }
    return true;
}

Outcome set_answer(const Word& word, Answer& answer) {
    if (word.key == "http" || word.key == "cut") {
        auto number = number_of(word);
        if (!number) return number.error();
        if (word.key == "cut") {
            answer.cut = *number;
        } else if (*number < 100 || *number > 599) {
            return bad("\"" + word.value + "\" is no HTTP status");
        } else {
            answer.http = static_cast<int>(*number);
        }
    } else if (word.key == "length") {
        const auto difference = to_integer(word.value.starts_with('+') ? word.value.substr(1) : word.value);
        if (!difference) return bad("\"length\" wants a difference such as +20 or -5");
        answer.length_error = static_cast<std::ptrdiff_t>(*difference);
    } else if (word.key == "type") {
        answer.content_type = word.value;
    } else if (word.key == "header-status") {
        answer.header_status = word.value;
    } else if (word.key == "status") {
        answer.status = word.value;
    } else if (word.key.starts_with("http-")) {
        answer.http_headers.emplace_back(word.key.substr(5), word.value);
    } else if (one_of(word.key, answer_header_keys)) {
        answer.header[word.key] = word.value;
    } else {
        return unknown("attribute of an answer", word.key,
                       "http, cut, length, type, header-status, status, http-NAME, " + listed(answer_header_keys));
    }
    return {};
}

}  // namespace

bool is_expectation(std::string_view word) {
    return std::any_of(steps.begin(), steps.end(), [&](const Step& step) { return step.word == word; });
}

Result<Expectation> expectation_of(std::string_view word, const std::vector<Word>& all) {
    Expectation made;
    made.kind = std::find_if(steps.begin(), steps.end(), [&](const Step& step) { return step.word == word; })->kind;
    std::vector<Word> rest(all.begin() + 1, all.end());
    if (made.kind == Kind::header) {
        if (rest.empty()) return bad("expect-header wants at least one key=value");
        if (auto checked = check_keys(rest, header_keys); !checked) return checked.error();
        made.wanted = std::move(rest);
        return made;
    }
    const bool named =
        made.kind == Kind::some || made.kind == Kind::next || made.kind == Kind::none || made.kind == Kind::count;
    if (!named) {
        if (!rest.empty()) return bad("\"" + std::string(word) + "\" stands alone, without \"" + rest[0].key + "\"");
        return made;
    }
    if (made.kind == Kind::count) {
        const auto number = rest.empty() ? std::nullopt : to_integer(rest[0].key);
        if (!number || *number < 0) return bad("expect-count wants a number first: expect-count 3 Status cmd=Get");
        made.count = static_cast<std::size_t>(*number);
        rest.erase(rest.begin());
    }
    if (rest.empty() || rest[0].is != Word::Is::bare) {
        return bad("\"" + std::string(word) + "\" wants the name of a command, such as Status or Results");
    }
    if (!one_of(rest[0].key, command_names)) return unknown("command", rest[0].key, listed(command_names));
    made.name = rest[0].key;
    rest.erase(rest.begin());
    if (auto checked = check_keys(rest, command_keys); !checked) return checked.error();
    made.wanted = std::move(rest);
    return made;
}

Result<Answer> answer_of(const std::vector<Word>& all) {
    Answer answer;
    for (auto word = all.begin() + 1; word != all.end(); ++word) {
        if (word->is == Word::Is::equal) {
            if (auto set = set_answer(*word, answer); !set) return set.error();
        } else if (word->is != Word::Is::bare) {
            return bad("\"" + word->key + "\" takes = only");
        } else if (word->key == "verbatim") {
            answer.form = Answer::Form::verbatim;
        } else if (word->key == "raw") {
            answer.form = Answer::Form::raw;
        } else if (word->key == "base64") {
            answer.form = Answer::Form::raw;
            answer.bytes = true;
        } else if (word->key == "empty") {
            answer.form = Answer::Form::empty;
        } else if (word->key == "no-final") {
            answer.final = false;
        } else if (word->key == "next") {
            answer.next = true;
            answer.final = false;
        } else if (word->key == "challenge") {
            answer.challenge = true;
        } else if (word->key == "no-statuses") {
            answer.statuses = false;
        } else if (word->key == "no-resp") {
            answer.header["no-resp"] = "1";
        } else if (word->key == "no-cred") {
            answer.proof = Answer::Proof::none;
        } else if (word->key == "wrong-cred") {
            answer.proof = Answer::Proof::wrong;
        } else if (word->key != "final") {
            return unknown(
                "word of an answer", word->key,
                "verbatim, raw, base64, empty, final, no-final, next, challenge, no-statuses, no-resp, no-cred, "
                "wrong-cred");
        }
    }
    return answer;
}

Result<ClientProof> client_proof_of(const std::vector<Word>& all) {
    ClientProof proof;
    auto kind = kind_of(all);
    if (!kind) return kind.error();
    proof.kind = *kind;
    for (auto word = all.begin() + 2; word != all.end(); ++word) {
        auto taken = common_proof(*word, proof);
        if (!taken) return taken.error();
        if (*taken) continue;
        if (word->key == "next") {
            for (const auto nonce : split(word->value, ',')) proof.challenges.emplace_back(nonce);
        } else if (word->key == "each-message") {
            proof.each_message = true;
        } else if (word->key == "renew") {
            proof.renew = true;
        } else {
            return unknown("attribute of auth", word->key, "user, secret, nonce, next, each-message, renew");
        }
    }
    return proof;
}

Result<ServerProof> server_proof_of(const std::vector<Word>& all) {
    ServerProof proof;
    auto kind = kind_of(all);
    if (!kind) return kind.error();
    proof.kind = *kind;
    for (auto word = all.begin() + 2; word != all.end(); ++word) {
        auto taken = common_proof(*word, proof);
        if (!taken) return taken.error();
        if (*taken) continue;
        if (word->key != "wrong") return unknown("attribute of server-auth", word->key, "user, secret, nonce, wrong");
        proof.wrong = true;
    }
    return proof;
}

Outcome add_client_settings(const std::vector<Word>& all, ClientSettings& settings) {
    if (all.size() < 2) return bad("client wants at least one setting; known are " + listed(client_keys));
    for (auto word = all.begin() + 1; word != all.end(); ++word) {
        if (!one_of(word->key, client_keys)) {
            return unknown("setting of the client", word->key, listed(client_keys));
        }
        if (word->key == "auth" || word->key == "server-auth") {
            if (auto kind = auth_named(word->value); !kind) return kind.error();
        }
        if (word->key.starts_with("max-")) {
            if (auto number = number_of(*word); !number) return number.error();
        }
        settings[word->key] = word->is == Word::Is::bare ? "true" : word->value;
    }
    return {};
}

Result<End> end_of(const std::vector<Word>& all) {
    constexpr std::array ends = {
        session::End::finished,          session::End::aborted_by_server,        session::End::aborted_by_us,
        session::End::not_authenticated, session::End::server_not_authenticated, session::End::failed};
    End end;
    std::string known;
    for (const auto each : ends) known += std::string(session::name_of(each)) + ", ";
    known += "any";
    if (all.size() < 2) return bad("end wants to know how; known are " + known);
    for (auto word = all.begin() + 1; word != all.end(); ++word) {
        if (word->key == "messages" && word->is == Word::Is::equal) {
            auto number = number_of(*word);
            if (!number) return number.error();
            end.messages = *number;
            continue;
        }
        const auto found = std::find_if(ends.begin(), ends.end(),
                                        [&](session::End each) { return session::name_of(each) == word->key; });
        if (found != ends.end()) {
            end.how = *found;
        } else if (word->key != "any") {
            return unknown("end of a session", word->key, known);
        }
    }
    return end;
}

}  // namespace steward::transcript
