// SyncML status codes, and what a Fault is in them. Source: OMA DM Representation Protocol 1.2 section 10, MS-MDM
// 2.2.6.1, protocol sheet 2.12. status.cpp and this enumeration are the only places with these numbers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "platform/base/result.h"

namespace steward::session {

enum class Status : std::uint16_t {
    none = 0,  // no code, or one that is no number
    done = 200,
    pending = 202,
    authenticated = 212,  // SyncHdr only: for the rest of the session
    chunk_stored = 213,
    cancelled = 214,  // by the user
    not_executed = 215,
    rolled_back = 216,
    rejected = 304,  // the user said no
    malformed = 400,
    bad_credentials = 401,
    forbidden = 403,
    not_found = 404,
    not_allowed = 405,
    unsupported = 406,
    no_credentials = 407,
    timeout = 408,
    size_required = 411,
    incomplete = 412,
    too_large = 413,
    uri_too_long = 414,
    bad_format = 415,
    cannot_display = 416,
    exists = 418,
    device_full = 420,
    size_mismatch = 424,
    denied = 425,
    failed = 500,
    dtd_version = 505,
    atomic_failed = 507,
    store_failed = 510,
    protocol_version = 513,
    not_rolled_back = 516,
    atomic_too_large = 517
};

std::string text_of(Status status);         // "200"
Status status_from(std::string_view text);  // Status::none when it is no three-digit number; may be outside the enum
bool succeeded(Status status);              // 2xx, without those that say "not (yet) applied"

Status status_of(Fault fault);
std::string_view original_error_of(Fault fault);  // HRESULT as msft:originalerror carries it: "0x80070057"

}  // namespace steward::session
