#include "tests/support/package0.h"

#include "platform/base/bytes.h"
#include "platform/base/digest.h"

namespace steward::transcript {
namespace {

constexpr std::size_t longest_server_id = 255;

char byte(unsigned value) {
    return static_cast<char>(value & 0xFFu);
}

// Everything after the digest: 40 bits of flags, session id, length and server id, vendor's body.
std::string trigger_of(const Package0& notification) {
    const unsigned version = notification.version & 0x3FFu;
    const unsigned flags =
        ((version & 3u) << 6) | ((notification.ui_mode & 3u) << 4) | (notification.server_initiated ? 8u : 0u);
    const auto server_id = notification.server_id.substr(0, longest_server_id);
    std::string trigger{byte(version >> 2), byte(flags), 0, 0, 0};
    trigger += {byte(notification.session_id >> 8u), byte(notification.session_id)};
    trigger += byte(static_cast<unsigned>(server_id.size()));
    return trigger + server_id + notification.vendor;
}

}  // namespace

std::string package0_digest(const std::string& trigger, const std::string& server_id, const std::string& server_secret,
                            const std::string& nonce) {
    return md5(to_base64(md5(server_id + ':' + server_secret)) + ':' + nonce + ':' + to_base64(md5(trigger)));
}

std::string encode_with_digest(const Package0& notification, const std::string& digest) {
    return digest + trigger_of(notification);
}

std::string encode(const Package0& notification, const std::string& server_secret, const std::string& nonce) {
    const auto trigger = trigger_of(notification);
    return package0_digest(trigger, notification.server_id, server_secret, nonce) + trigger;
}

}  // namespace steward::transcript
