// A transcript: what a server says in one or more OMA-DM sessions, and what the client must answer. The text format is
// described in docs/transcripts.md; here is what it becomes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/session/credentials.h"
#include "agent/session/session.h"
#include "agent/syncml/message.h"
#include "platform/base/result.h"
#include "tests/support/words.h"

namespace steward::transcript {

struct Expectation {
    enum class Kind : std::uint8_t {
        some,          // expect NAME …: a command not yet matched, anywhere in the message
        next,          // expect-next NAME …: the command right after the one matched before
        none,          // expect-no NAME …
        count,         // expect-count N NAME …
        nothing_else,  // expect-nothing-else: every command of the message was matched
        silence,       // expect-silence: the client sends nothing more in this session
        final,         // expect-final
        no_final,      // expect-no-final
        header,        // expect-header key=value …
        exactly        // exactly: the bytes that follow
    };
    std::size_t line = 0;
    Kind kind = Kind::some;
    std::string name;  // Status, Results, Alert …
    std::size_t count = 0;
    std::vector<Word> wanted;
    std::string text;     // exactly: the bytes, placeholders not yet filled in
    std::string written;  // as it stands in the file, for messages
};

// One answer of the server.
struct Answer {
    enum class Form : std::uint8_t {
        commands,  // the server fills in the header, statuses and missing CmdIDs
        verbatim,  // the same, but the commands go out as written
        raw,       // the whole body
        empty      // no body
    };
    enum class Proof : std::uint8_t { usual, none, wrong };

    std::size_t line = 0;
    Form form = Form::commands;
    std::string text;
    bool bytes = false;  // raw: text is decoded base64, nothing is filled in
    bool final = true;
    bool next = false;       // adds Alert 1222: "send me the rest"
    bool challenge = false;  // refuses the message: 407 (or header_status) with Chal
    bool statuses = true;
    Proof proof = Proof::usual;
    std::string header_status;                               // for the SyncHdr, instead of what is due
    std::string status;                                      // for the commands of the client, instead of 200
    std::map<std::string, std::string, std::less<>> header;  // msgid, session, verdtd, verproto, target, source,
                                                             // resp-uri, max-message, max-object, no-resp
    int http = 200;
    std::string content_type;
    std::vector<std::pair<std::string, std::string>> http_headers;
    std::optional<std::size_t> cut;
    std::ptrdiff_t length_error = 0;
};

// What is expected of one message (or package) of the client, and the answer to it. Without an answer the server
// closes the session.
struct Exchange {
    std::vector<Expectation> expected;
    std::optional<Answer> answer;
};

// How the client must prove itself.
struct ClientProof {
    session::Auth kind = session::Auth::none;
    std::string name, secret;
    std::optional<std::string> nonce;     // raw; agreed before the session
    std::vector<std::string> challenges;  // NextNonce as it goes out, in this order; after them random ones
    bool each_message = false;            // 200 with a new nonce for every message instead of 212
    bool renew = false;                   // 212 comes with a nonce for the next session
};

// How the server proves itself.
struct ServerProof {
    session::Auth kind = session::Auth::none;
    std::string name, secret;
    std::optional<std::string> nonce;  // raw
    bool wrong = false;                // always with a wrong secret
};

// Settings of the device for an in-process run; documentation for others. Keys: see docs/transcripts.md.
using ClientSettings = std::map<std::string, std::string, std::less<>>;

struct End {
    std::size_t line = 0;
    std::optional<session::End> how;  // nullopt: any
    std::optional<std::size_t> messages;
};

struct Session {
    std::size_t line = 0;
    ClientSettings client;
    std::vector<syncml::Command> client_alerts;
    ClientProof auth;
    ServerProof server_auth;
    std::vector<Exchange> exchanges;
    std::optional<End> end;
    bool endless = false;  // the last exchange is played again and again
};

struct Transcript {
    std::string file;
    std::string id;
    std::string title;
    std::vector<std::string> covers;   // further conformance ids
    std::string personality;           // empty: plain
    bool gather = false;               // a package of several messages is one for the expectations; 1222 by itself
    std::vector<std::string> lenient;  // rules that are not checked
    std::size_t max_message = 0;       // MaxMsgSize of the server; 0: not announced
    std::size_t max_object = 0;
    bool wbxml = false;             // the server answers in WBXML whatever the client speaks
    std::vector<Session> sessions;  // at least one
};

// Errors name the file and the line.
Result<Transcript> parse(std::string_view text, const std::string& file);
Result<Transcript> load(const std::string& path);

// The commands of an XML fragment, placeholders and all; `line` is where it begins, for the messages.
Result<std::vector<syncml::Command>> read_commands(std::string_view fragment, std::size_t line = 1);

}  // namespace steward::transcript
