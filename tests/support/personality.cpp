#include "tests/support/personality.h"

#include <array>

#include "platform/base/bytes.h"
#include "platform/base/digest.h"
#include "platform/base/text.h"

namespace steward::transcript {
namespace {

struct Kind {
    std::string_view name;
    std::string_view about;
};

constexpr std::array<Kind, 12> kinds = {{
    {"plain", "what the standard says: own MsgIDs, a Status for every command, Final"},
    {"fleet",
     "echoes the client's MsgID, sends no Final, CmdIDs are UUIDs after a comment, tabs and line ends anywhere"},
    {"endless", "asks for something in every message, for ever; a client must stop it with Alert 1223"},
    {"empty-200", "ends each session with HTTP 200 and no body"},
    {"fixed-statuses", "answers CmdRef 2, 3 and 4 whatever the client sent"},
    {"short-body", "Content-Length is larger than the body, which is complete"},
    {"rekeying", "changes the client's name and secret in DMAcc in mid-session"},
    {"wso2", "proves itself by MD5 in every message until it is accepted, spells chal in small letters"},
    {"intune", "begins with the Gets that Intune begins with and names a MaxMsgSize of 524288"},
    {"slow", "waits two seconds before each answer"},
    {"busy", "answers the first request with 503 and Retry-After: 2"},
    {"silent", "no Status for Alerts, as some servers do it"},
}};

Answer commands(std::string text) {
    Answer answer;
    answer.text = std::move(text);
    return answer;
}

std::string get(std::string_view uri) {
    return "<Get><Item><Target><LocURI>" + std::string(uri) + "</LocURI></Target></Item></Get>";
}

std::string replace(const std::string& uri, const std::string& value) {
    return "<Replace><Item><Target><LocURI>" + uri +
           "</LocURI></Target><Meta><Format xmlns=\"syncml:metinf\">chr</Format></Meta><Data>" + value +
           "</Data></Item></Replace>";
}

std::string intune_questions() {
    constexpr std::array<std::string_view, 5> uris = {"./DevDetail/SwV", "./DevDetail/Ext/Microsoft/LocalTime",
                                                      "./Vendor/MSFT/NodeCache/MS%20DM%20Server/CacheVersion",
                                                      "./Vendor/MSFT/NodeCache/MS%20DM%20Server/ChangedNodes",
                                                      "./Vendor/MSFT/DMClient/Provider/MS%20DM%20Server/ExchangeID"};
    std::string text;
    for (const auto uri : uris) text += get(uri);
    return text;
}

// 4.7: an account that a w7 document made is named by the SHA-256 of its provider id.
std::string rekeying_commands(const Account& account) {
    const std::string base = "./SyncML/DMAcc/" + to_hex(sha256(account.provider)) + "/AppAuth/CLCRED/";
    return replace(base + "AAuthName", account.user) + replace(base + "AAuthSecret", account.secret);
}

}  // namespace

std::vector<std::string> personality_names() {
    std::vector<std::string> names;
    for (const auto& kind : kinds) names.emplace_back(kind.name);
    return names;
}

Result<Personality> personality(std::string_view name, const Account& account) {
    Personality made;
    for (const auto& kind : kinds) {
        if (kind.name != name) continue;
        made.name = kind.name;
        made.about = kind.about;
    }
    if (made.name.empty()) {
        return Error{
            Fault::not_found,
            "There is no personality \"" + std::string(name) + "\"; there are " + join(personality_names(), ", ") + '.',
            std::string(name)};
    }
    made.script.id = made.name;
    made.script.gather = true;
    Session& session = made.script.sessions.emplace_back();
    Manner& manner = made.manner;
    if (name == "fleet") {
        manner.echo_msg_id = manner.no_final = manner.uuid_cmd_ids = manner.comments = manner.silent_on_alerts = true;
        session.exchanges.push_back({{}, commands(get("./DevDetail/Ext/Microsoft/SMBIOSSerialNumber"))});
    } else if (name == "endless") {
        manner.endless = true;
    } else if (name == "empty-200") {
        manner.empty_when_done = true;
    } else if (name == "fixed-statuses") {
        manner.fixed_statuses = true;
    } else if (name == "short-body") {
        manner.overlong_length = true;
    } else if (name == "rekeying") {
        session.exchanges.push_back({{}, commands(rekeying_commands(account))});
    } else if (name == "wso2") {
        manner.lower_case_chal = manner.says_again = true;
        session.server_auth.kind = session::Auth::md5;
        session.server_auth.name = "MobiCDMServer";
        session.server_auth.secret = "dummy";
        session.server_auth.nonce = "dummy";
    } else if (name == "intune") {
        constexpr std::size_t intune_message = 524'288;
        manner.max_message = intune_message;
        session.exchanges.push_back({{}, commands(intune_questions())});
    } else if (name == "slow") {
        manner.delay = std::chrono::seconds(2);
    } else if (name == "busy") {
        manner.busy = std::chrono::seconds(2);
    } else if (name == "silent") {
        manner.silent_on_alerts = true;
    }
    return made;
}

}  // namespace steward::transcript
