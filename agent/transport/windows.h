// What Windows puts around a SyncML message. Source: protocol sheet 8.1, MS-MDM 2.1.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace steward::transport {

// The address to post to: the configured one plus mode=Maintenance (somebody is logged in) or mode=Machine, and
// Platform=WoA, which Windows writes on every machine. Target/LocURI stays without it.
std::string session_url(std::string_view url, bool user_logged_in);

// A fresh base for the MS-CV header of one session.
std::string new_correlation();

// Accept, Accept-Charset, User-Agent, Client-Request-Id and MS-CV for the message of that number, counted from 0.
// request_id is EntDMID once the server has set it; empty before.
std::vector<std::pair<std::string, std::string>> windows_headers(std::string_view request_id,
                                                                 std::string_view correlation, std::size_t number);

}  // namespace steward::transport
