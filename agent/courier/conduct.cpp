#include "agent/courier/conduct.h"

#include "agent/courier/keep_alive.h"
#include "agent/transport/windows.h"
#include "platform/base/digest.h"

namespace steward::courier {
namespace {

// Posts one message; the same bytes again while time may heal what went wrong, so that no Status is lost to a cut
// connection. A server knows a repeated message by its MsgID.
Result<transport::Reply> deliver(transport::Exchange& exchange, const transport::Request& request,
                                 const std::optional<transport::RetryPolicy>& retry, Home& home,
                                 std::optional<transport::Failure>& failure) {
    for (std::int64_t failures = 1;; ++failures) {
        auto reply = exchange.post(request);
        failure.reset();
        if (reply && !reply->truncated && (reply->status / 100 == 2)) return reply;
        if (reply && reply->truncated && reply->status == 200) return reply;  // the session judges what it got (A16)
        failure.emplace();
        if (reply) {
            failure->status = reply->status;
            failure->retry_after = reply->retry_after;
        } else {
            failure->fault = reply.error().fault;
        }
        if (!retry || !transport::passing(*failure)) return reply;
        if (!home.wait(transport::next_wait(*retry, failures, *failure, random_share()))) return reply;
    }
}

}  // namespace

Course conduct(const Brief& brief, transport::Exchange& exchange, Home& home) {
    session::Settings settings = brief.settings;
    for (const auto& alert : brief.alerts) settings.alerts.push_back(session::generic_alert(alert));
    const std::string correlation = transport::new_correlation();
    std::size_t posted = 0;
    const auto addressed = [&](const session::Outgoing& message) {
        transport::Request request;
        request.url = transport::session_url(message.url, brief.logged_in);
        request.content_type = message.content_type;
        request.body = message.body;
        request.headers = transport::windows_headers(brief.request_id, correlation, posted++);
        if (!message.hmac.empty()) request.headers.emplace_back("x-syncml-hmac", message.hmac);
        return request;
    };
    KeepAlive keep_alive(brief.sign_of_life.value_or(std::chrono::milliseconds::max()),
                         [&](const session::Outgoing& message) {
                             const auto reply = exchange.post(addressed(message));
                             return reply && reply->status / 100 == 2;
                         });
    if (brief.sign_of_life) settings.execution = &keep_alive;
    session::Session session(std::move(settings), home, home);
    Course course;
    auto step = session.open();
    for (std::size_t n = 0; step.send; ++n) {
        home.sent(*step.send);
        auto request = addressed(*step.send);
        if (!brief.urgent_types.empty()) request.headers.emplace_back("MDM-GenericAlert", brief.urgent_types);
        // A session that has not begun can begin later; one under way must not lose what it has to say.
        auto reply = deliver(exchange, request, n == 0 ? std::nullopt : brief.retry, home, course.failure);
        if (step.end != session::End::none) break;  // that was a farewell; nobody waits for its answer
        if (!reply) {
            step = {};
            step.end = session::End::failed;
            step.error = reply.error();
            break;
        }
        if (reply->chain_end) course.chain_end = reply->chain_end;
        home.received(*reply);
        step = session.receive({reply->status, reply->content_type, reply->body, reply->hmac});
        home.heard(session.alert_answers());
    }
    course.end = step.end;
    course.error = step.error;
    course.counters = session.counters();
    course.alert_answers = session.alert_answers();
    return course;
}

}  // namespace steward::courier
