// Package 0, the notification that asks a client for a session, as a server makes it. Source: OMA DM Notification 1.2
// section 6.2, protocol sheet 7.1.
#pragma once

#include <cstdint>
#include <string>

namespace steward::transcript {

struct Package0 {
    std::uint16_t version = 11;  // times ten as on the wire: 11 reads "1.1", what DM 1.2 notifications carry; 10 bits
    std::uint8_t ui_mode = 1;    // 0 not specified, 1 background, 2 informative, 3 user interaction
    bool server_initiated = true;
    std::uint16_t session_id = 1;  // package 1 repeats it in upper-case hexadecimal
    std::string server_id;         // at most 255 bytes
    std::string vendor;            // body after the server id
};

// For the server's own secret and nonce (SRVCRED of the client's account). nonce: raw octets; four zero bytes ask for a
// new start.
std::string encode(const Package0& notification, const std::string& server_secret, const std::string& nonce);

// The same without a digest that fits: sixteen bytes of the caller's in front.
std::string encode_with_digest(const Package0& notification, const std::string& digest);

// MD5( B64(MD5(server-id ":" secret)) ":" nonce ":" B64(MD5(trigger)) ), 16 raw bytes.
std::string package0_digest(const std::string& trigger, const std::string& server_id, const std::string& server_secret,
                            const std::string& nonce);

}  // namespace steward::transcript
