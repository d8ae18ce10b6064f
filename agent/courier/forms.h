// How each struct that crosses between the two processes is put into bytes: its members, in order.
#pragma once

#include "agent/courier/archive.h"
#include "agent/courier/conduct.h"
#include "agent/transport/curl.h"

namespace steward {

constexpr Fault last_of(Fault) {
    return Fault::bug;
}
template <class Archive>
void fields(Archive& archive, Error& error) {
    archive(error.fault, error.what, error.evidence);
}

namespace platform {
constexpr Padding last_of(Padding) {
    return Padding::pkcs1;
}
}  // namespace platform

namespace csp {
constexpr Format last_of(Format) {
    return Format::real;
}
}  // namespace csp

namespace transport {
template <class Archive>
void fields(Archive& archive, Trust& trust) {
    archive(trust.ca_file, trust.certificate_file, trust.key_file, trust.proxy, trust.roots_file, trust.key_pin);
}
template <class Archive>
void fields(Archive& archive, Request& request) {
    archive(request.url, request.content_type, request.body, request.headers);
}
template <class Archive>
void fields(Archive& archive, ChainEnd& end) {
    archive(end.subject, end.not_before, end.not_after);
}
template <class Archive>
void fields(Archive& archive, Reply& reply) {
    archive(reply.status, reply.content_type, reply.body, reply.location, reply.hmac, reply.retry_after,
            reply.chain_end, reply.truncated);
}
template <class Archive>
void fields(Archive& archive, RetryPolicy& policy) {
    archive(policy.attempts, policy.initial, policy.longest);
}
template <class Archive>
void fields(Archive& archive, Failure& failure) {
    archive(failure.fault, failure.status, failure.retry_after);
}
}  // namespace transport

namespace tree {
constexpr Verb last_of(Verb) {
    return Verb::copy;
}
constexpr Answer::State last_of(Answer::State) {
    return Answer::State::leaving;
}
template <class Archive>
void fields(Archive& archive, Operation& operation) {
    archive(operation.verb, operation.uri, operation.source, operation.format, operation.type, operation.data);
}
template <class Archive>
void fields(Archive& archive, Found& found) {
    archive(found.uri, found.format, found.type, found.data);
}
template <class Archive>
void fields(Archive& archive, Answer& answer) {
    archive(answer.state, answer.error, answer.found);
}
}  // namespace tree

namespace syncml {
constexpr Encoding last_of(Encoding) {
    return Encoding::wbxml;
}
}  // namespace syncml

namespace session {
constexpr Auth last_of(Auth) {
    return Auth::mac;
}
constexpr End last_of(End) {
    return End::failed;
}
template <class Archive>
void fields(Archive& archive, Credentials& side) {
    archive(side.kind, side.name, side.secret, side.nonce, side.nonce_known);
}
template <class Archive>
void fields(Archive& archive, DeviceInfo& device) {
    archive(device.dev_id, device.manufacturer, device.model, device.dm_version, device.language);
}
template <class Archive>
void fields(Archive& archive, Settings& settings) {
    archive(settings.server_id, settings.server_url, settings.session_id, settings.device, settings.encoding,
            settings.server_initiated, settings.login_status, settings.client, settings.server,
            settings.transport_is_secure, settings.allow_digest_without_tls, settings.original_errors,
            settings.allow_foreign_resp_uri, settings.max_messages, settings.max_object_size,
            settings.max_message_size);
}
template <class Archive>
void fields(Archive& archive, GenericAlert& alert) {
    archive(alert.code, alert.type, alert.format, alert.mark, alert.source, alert.correlator, alert.data);
}
template <class Archive>
void fields(Archive& archive, Outgoing& message) {
    archive(message.url, message.content_type, message.body, message.hmac);
}
template <class Archive>
void fields(Archive& archive, Session::Counters& counters) {
    archive(counters.messages, counters.commands, counters.failed);
}
}  // namespace session

namespace courier {
template <class Archive>
void fields(Archive& archive, Brief& brief) {
    archive(brief.settings, brief.alerts, brief.urgent_types, brief.request_id, brief.logged_in, brief.retry,
            brief.sign_of_life);
}
template <class Archive>
void fields(Archive& archive, Course& course) {
    archive(course.end, course.error, course.counters, course.failure, course.chain_end, course.alert_answers);
}
}  // namespace courier

}  // namespace steward
