#include "tests/support/player.h"

#include <algorithm>

#include "agent/syncml/encoding.h"
#include "agent/syncml/read.h"
#include "agent/syncml/write.h"
#include "platform/base/text.h"
#include "tests/support/compose.h"

namespace steward::transcript {
namespace {

using syncml::Encoding;
using syncml::Name;

constexpr std::size_t most_refusals = 3;  // then the server stops challenging
constexpr std::size_t most_closings = 5;  // a client that will not end is told to with 1223

std::string header_value(const Answer& answer, std::string_view key, std::string otherwise) {
    const auto found = answer.header.find(key);
    return found == answer.header.end() ? std::move(otherwise) : found->second;
}

// A session ends at the server when its message leaves nothing for the client to answer.
bool leaves_nothing(const syncml::Message& message) {
    return message.final && std::all_of(message.commands.begin(), message.commands.end(), [](const auto& command) {
               return command.name == Name::status && !command.get().chal;
           });
}

syncml::Command question() {
    syncml::Command get;
    get.name = Name::get;
    get.items.emplace_back().target = "./DevInfo/DevId";
    return get;
}

}  // namespace

Player::Player(std::shared_ptr<const Transcript> transcript, Manner manner)
    : transcript_(std::move(transcript)), manner_(manner) {
    if (transcript_->max_message != 0) manner_.max_message = transcript_->max_message;
    manner_.wbxml = manner_.wbxml || transcript_->wbxml;
}

const Session& Player::script() const {
    return transcript_->sessions[std::min(at_session_, transcript_->sessions.size() - 1)];
}

bool Player::passed() const {
    return std::all_of(findings_.begin(), findings_.end(), [](const Finding& finding) { return finding.passed; });
}

void Player::failed(std::size_t line, std::string what, std::string seen) {
    findings_.push_back({line, false, std::move(what), std::move(seen)});
}

void Player::begin_session() {
    if (sessions_ > 0) ++at_session_;
    if (at_session_ >= transcript_->sessions.size()) {
        failed(0, "no session more than the transcript has",
               "the client began session " + std::to_string(sessions_ + 1));
        at_session_ = transcript_->sessions.size() - 1;
        at_exchange_ = script().exchanges.size();
    } else {
        at_exchange_ = 0;
    }
    ++sessions_;
    begun_ = true;
    over_ = aborted_ = false;
    package_closed_ = true;
    messages_ = refusals_ = closings_ = 0;
    server_msg_id_ = "0";
    package_.clear();
    last_answer_.reset();
    rules_ = Rules();
    gate_.begin(script().auth, script().server_auth);
    excused_ = manner_.busy.count() == 0;
}

Reply Player::refuse_bytes(int status, const std::string& sentence) {
    failed(0, "the client sends SyncML", sentence);
    over_ = true;
    Reply reply;
    reply.http_status = status;
    return reply;
}

Reply Player::answer(const ClientMessage& client) {
    heard_.reset();
    said_.reset();
    const auto encoding = syncml::encoding_of(client.content_type);
    if (!encoding) return refuse_bytes(415, "the Content-Type is \"" + client.content_type + '"');
    client_encoding_ = *encoding;
    auto message = syncml::read(*encoding, client.body);
    if (!message) return refuse_bytes(400, message.error().what);
    heard_ = *message;

    const bool new_session =
        !begun_ || message->header.session_id != client_.session_id || (message->header.msg_id == "1" && messages_ > 0);
    if (new_session) {
        if (begun_) end_session();
        begin_session();
    }
    client_ = message->header;
    if (!excused_) {
        excused_ = true;
        begun_ = false;  // the client comes again with the same session or another one
        --sessions_;
        if (sessions_ > 0) --at_session_;
        Reply reply;
        reply.http_status = 503;
        reply.headers.emplace_back("Retry-After", std::to_string(manner_.busy.count()));
        manner_.busy = std::chrono::seconds(0);
        return reply;
    }
    ++messages_;
    for (auto& breach : rules_.check(*message, client.body.size())) {
        const auto& lenient = transcript_->lenient;
        if (std::find(lenient.begin(), lenient.end(), breach.rule) != lenient.end()) continue;
        failed(0, "rule " + breach.rule, breach.what);
    }
    listen(*message);
    auto reply = reply_to(*message, client);
    reply.delay = manner_.delay;
    return reply;
}

void Player::listen(const syncml::Message& message) {
    for (const auto& command : message.commands) {
        if (command.name == Name::status && command.get().cmd_ref == "0") gate_.heard(command);
        if (command.name == Name::alert && command.data == "1223") aborted_ = true;
    }
    gather(package_, message.commands);
}

const Exchange* Player::due() const {
    const auto& exchanges = script().exchanges;
    return at_exchange_ < exchanges.size() ? &exchanges[at_exchange_] : nullptr;
}

void Player::advance() {
    const auto& exchanges = script().exchanges;
    const bool repeats = script().endless && at_exchange_ + 1 == exchanges.size();
    if (!repeats) ++at_exchange_;
    package_.clear();
}

Values Player::values() const {
    return {{"SESSION", client_.session_id}, {"CLIENTMSGID", client_.msg_id}, {"DEVICE", client_.source.uri},
            {"SERVER", client_.target.uri},  {"MSGID", server_msg_id_},       {"NONCE", nonce_}};
}

void Player::judge_expectations(const Exchange& exchange, const ClientMessage& client, const syncml::Message& message) {
    Received received;
    received.header = message.header;
    received.commands = package_;
    received.final = message.final;
    received.body = client.body;
    received.content_type = client.content_type;
    received.hmac = client.hmac;
    received.url = client.url;
    received.http = client.http;
    auto found = compare(exchange.expected, received, values());
    findings_.insert(findings_.end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
}

Reply Player::reply_to(const syncml::Message& message, const ClientMessage& client) {
    const Exchange* exchange = due();
    const bool challenges = exchange != nullptr && exchange->answer && exchange->answer->challenge;
    const auto verdict = gate_.judge(message.header, client.hmac, client.body);
    const bool refused = verdict == Gate::Verdict::missing || verdict == Gate::Verdict::wrong;

    if (refused && !challenges && !aborted_) {
        package_.clear();
        if (++refusals_ > most_refusals) {
            failed(0, "the client stops when its credentials are refused again and again",
                   "it came " + std::to_string(refusals_) + " times");
            over_ = true;
        }
        const auto refusal = gate_.refuse(verdict);
        return say(Answer{}, message, refusal, refusal.code);
    }
    if (manner_.says_again && gate_.refused_by_client() && last_answer_) {
        package_.clear();
        const Answer again = *last_answer_;
        return say(again, message, gate_.accept(verdict), "200");
    }
    // Where our own package is still open the client must not close its own either.
    const bool incomplete = !message.final && transcript_->gather && package_closed_ && !aborted_;
    if (incomplete) {
        Answer more;
        more.next = true;
        more.final = false;
        return say(more, message, gate_.accept(verdict), "200");
    }

    if (exchange != nullptr) judge_expectations(*exchange, client, message);
    if (challenges) {
        const Answer answer = *exchange->answer;
        advance();
        auto refusal = gate_.refuse(verdict == Gate::Verdict::wrong ? verdict : Gate::Verdict::missing);
        if (!answer.header_status.empty()) refusal.code = answer.header_status;
        return say(answer, message, refusal, answer.status.empty() ? refusal.code : answer.status);
    }
    const auto accepted = gate_.accept(verdict);
    if (exchange == nullptr || !exchange->answer || aborted_) {
        if (exchange != nullptr) advance();
        over_ = over_ || aborted_;
        Answer closing;
        if (!aborted_ && ++closings_ > most_closings) {
            failed(0, "the client ends a session in which nothing is left to do",
                   "it sent " + std::to_string(closings_) + " messages more");
            closing.text = "<Alert><Data>1223</Data></Alert>";
            over_ = true;
        }
        if (manner_.endless && !aborted_) closings_ = 0;
        return say(closing, message, accepted, "200");
    }
    const Answer answer = *exchange->answer;
    advance();
    last_answer_ = answer;
    return say(answer, message, accepted, answer.status.empty() ? "200" : answer.status);
}

syncml::Header Player::header_for(const syncml::Message& message, const Answer& answer) {
    server_msg_id_ =
        manner_.echo_msg_id ? message.header.msg_id : std::to_string(to_integer(server_msg_id_).value_or(0) + 1);
    syncml::Header header;
    header.ver_dtd = header_value(answer, "verdtd", "1.2");
    header.ver_proto = header_value(answer, "verproto", "DM/1.2");
    header.session_id = header_value(answer, "session", message.header.session_id);
    header.msg_id = header_value(answer, "msgid", server_msg_id_);
    header.target.uri = header_value(answer, "target", message.header.source.uri);
    header.source.uri = header_value(answer, "source", message.header.target.uri);
    header.resp_uri = fill_in(header_value(answer, "resp-uri", {}), values());
    header.no_resp = answer.header.contains("no-resp");
    const auto announced = manner_.max_message == 0 ? std::string() : std::to_string(manner_.max_message);
    const auto max_message = header_value(answer, "max-message", announced);
    const auto object = transcript_->max_object == 0 ? std::string() : std::to_string(transcript_->max_object);
    const auto max_object = header_value(answer, "max-object", object);
    if (!max_message.empty()) header.meta.set().max_msg_size = max_message;
    if (!max_object.empty()) header.meta.set().max_obj_size = max_object;
    gate_.sign(header, answer.proof);
    return header;
}

Reply Player::say(const Answer& answer, const syncml::Message& message, const Gate::Answer& verdict,
                  const std::string& status_code) {
    syncml::Message made;
    made.header = header_for(message, answer);
    made.final = answer.final && !manner_.no_final;
    if (!answer.next) package_closed_ = made.final;
    nonce_ = verdict.chal ? verdict.chal->get().next_nonce : std::string();
    if (nonce_.empty() && answer.text.find("$NONCE") != std::string::npos) nonce_ = gate_.fresh_nonce();

    std::vector<syncml::Command> statuses;
    if (answer.statuses) {
        const auto& code = answer.header_status.empty() ? verdict.code : answer.header_status;
        auto head = header_status(message.header.msg_id, code);
        if (verdict.chal) head.set().chal = verdict.chal;
        head.set().target_refs.push_back(message.header.target.uri);
        head.set().source_refs.push_back(message.header.source.uri);
        statuses.push_back(std::move(head));
        auto others = manner_.fixed_statuses
                          ? fixed_statuses(message.header.msg_id)
                          : statuses_for(message.commands, message.header.msg_id, status_code, manner_);
        statuses.insert(statuses.end(), std::make_move_iterator(others.begin()), std::make_move_iterator(others.end()));
    }
    auto text = fill_in(answer.text, values());
    if (answer.form == Answer::Form::raw) {
        syncml::Message only_statuses = made;
        only_statuses.commands = std::move(statuses);
        fill_in_ids(only_statuses.commands, manner_);
        auto all = values();
        if (answer.bytes) return send(answer, {}, answer.text);
        if (answer.text.find("$STATUSES") != std::string::npos) {
            const auto xml = syncml::write_xml(only_statuses);
            const auto begin = xml.find("<Status>");
            const auto end = xml.rfind("</Status>");
            all["STATUSES"] = end == std::string::npos ? std::string() : xml.substr(begin, end + 9 - begin);
        }
        return send(answer, {}, fill_in(answer.text, all));
    }
    made.commands = std::move(statuses);
    std::vector<syncml::Command> wanted;
    if (!text.empty()) {
        if (auto commands = read_commands(text)) wanted = std::move(*commands);
    }
    if (answer.next) wanted.push_back(next_message_alert());
    const bool asks_for_ever = manner_.endless && wanted.empty() && !over_ && !verdict.chal;
    if (asks_for_ever) wanted.push_back(question());
    const std::size_t own = made.commands.size();
    made.commands.insert(made.commands.end(), wanted.begin(), wanted.end());
    fill_in_ids(made.commands, manner_);
    if (answer.form != Answer::Form::verbatim) return send(answer, std::move(made), {});
    made.commands.resize(own);
    return send(answer, std::move(made), text);
}

Reply Player::send(const Answer& answer, syncml::Message made, const std::string& fragment) {
    Reply reply;
    reply.http_status = answer.http;
    reply.headers = answer.http_headers;
    reply.cut = answer.cut;
    reply.length_error = answer.length_error;
    const auto encoding = manner_.wbxml ? Encoding::wbxml : client_encoding_;
    reply.content_type = syncml::content_type(encoding);
    if (answer.form == Answer::Form::empty) {
        reply.content_type = answer.content_type;
        over_ = true;
        return reply;
    }
    if (answer.form == Answer::Form::raw) {
        reply.content_type = syncml::content_type(Encoding::xml);
        reply.body = fragment;
    } else if (answer.form == Answer::Form::verbatim) {
        reply.body = encode_verbatim(made, fragment, manner_);
    } else if (manner_.empty_when_done && leaves_nothing(made)) {
        over_ = true;
        return reply;
    } else {
        reply.body = encode(made, encoding, manner_);
    }
    if (!answer.content_type.empty()) reply.content_type = answer.content_type;
    reply.hmac = gate_.hmac(reply.body, answer.proof);
    if (manner_.overlong_length) reply.length_error += 64;

    auto sent = syncml::read(syncml::encoding_of(reply.content_type).value_or(Encoding::xml), reply.body);
    if (sent && answer.http == 200) {
        over_ = over_ || leaves_nothing(*sent);
        rules_.sent(*sent);
        said_ = std::move(*sent);
    } else {
        rules_.sent_unknown();
        if (answer.http != 200) over_ = true;
    }
    return reply;
}

void Player::end_session(std::optional<session::End> how) {
    if (!begun_) return;
    begun_ = false;
    over_ = true;
    const auto& exchanges = script().exchanges;
    const bool endless = script().endless || manner_.endless;
    for (; at_exchange_ < exchanges.size() && !endless; ++at_exchange_) {
        const auto& left = exchanges[at_exchange_];
        for (const auto& expected : left.expected) {
            const bool silence = expected.kind == Expectation::Kind::silence;
            findings_.push_back(
                {expected.line, silence, expected.written, silence ? "" : "the client sent no message more"});
        }
        if (left.answer && left.expected.empty()) {
            failed(left.answer->line, "the client asks for this answer", "it sent no message more");
        }
    }
    const auto& end = script().end;
    if (!end) return;
    if (end->messages) {
        const bool right = *end->messages == messages_;
        findings_.push_back({end->line, right, "end after " + std::to_string(*end->messages) + " messages",
                             right ? "" : "the client sent " + std::to_string(messages_)});
    }
    if (!end->how) return;
    if (how) {
        const bool right = *how == *end->how;
        findings_.push_back({end->line, right, "end " + std::string(session::name_of(*end->how)),
                             right ? "" : "the client reports " + std::string(name_of(*how))});
    } else if (*end->how == session::End::aborted_by_us) {
        findings_.push_back(
            {end->line, aborted_, "end aborted-by-us", aborted_ ? "" : "the client sent no Alert 1223"});
    }
}

}  // namespace steward::transcript
