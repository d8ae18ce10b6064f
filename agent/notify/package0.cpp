#include "agent/notify/package0.h"

#include "platform/base/bytes.h"
#include "platform/base/digest.h"
#include "platform/base/text.h"

namespace steward::notify {
namespace {

constexpr std::size_t digest_size = 16;
constexpr std::size_t header_size = 24;  // digest and the fixed part of the trigger
constexpr unsigned newest_version = 12;

unsigned byte_at(std::string_view bytes, std::size_t i) {
    return static_cast<unsigned char>(bytes[i]);
}

std::string digest_of(std::string_view trigger, std::string_view server, std::string_view password,
                      std::string_view nonce) {
    std::string credentials(server);
    credentials += ':';
    credentials += password;
    std::string text = to_base64(md5(credentials));
    text += ':';
    text += nonce;
    text += ':';
    text += to_base64(md5(trigger));
    return md5(text);
}

}  // namespace

std::optional<Package0> parse_package0(std::string_view bytes) {
    if (bytes.size() <= header_size || bytes.size() > largest_package0) return std::nullopt;
    Package0 found;
    found.version = byte_at(bytes, 16) << 2 | byte_at(bytes, 17) >> 6;
    found.ui = static_cast<UiMode>(byte_at(bytes, 17) >> 4 & 3);
    found.server_initiated = (byte_at(bytes, 17) >> 3 & 1) != 0;
    found.session = static_cast<std::uint16_t>(byte_at(bytes, 21) << 8 | byte_at(bytes, 22));
    const std::size_t length = byte_at(bytes, 23);
    if (found.version == 0 || found.version > newest_version || found.session == 0) return std::nullopt;
    if (length == 0 || bytes.size() < header_size + length) return std::nullopt;
    found.server = bytes.substr(header_size, length);
    found.vendor = bytes.substr(header_size + length);
    return found;
}

std::string session_id_of(const Package0& notification) {
    const std::string raw{static_cast<char>(notification.session >> 8), static_cast<char>(notification.session & 0xff)};
    std::string text = upper(to_hex(raw));
    text.erase(0, text.find_first_not_of('0'));
    return text;
}

Proof prove(std::string_view bytes, std::string_view server, std::string_view password, std::string_view nonce,
            bool backup_allowed) {
    if (bytes.size() < header_size) return Proof::none;
    const auto trigger = bytes.substr(digest_size);
    const auto given = bytes.substr(0, digest_size);
    // Both are always worked out, so that the time taken tells nothing.
    const bool by_nonce = same_secret(given, digest_of(trigger, server, password, nonce));
    const bool by_backup = same_secret(given, digest_of(trigger, server, password, backup_nonce));
    if (by_nonce) return Proof::nonce;
    return by_backup && backup_allowed ? Proof::backup_nonce : Proof::none;
}

std::string encode(const Package0& notification, std::string_view password, std::string_view nonce) {
    std::string trigger;
    trigger += static_cast<char>(notification.version >> 2);
    trigger += static_cast<char>((notification.version & 3) << 6 | static_cast<unsigned>(notification.ui) << 4 |
                                 (notification.server_initiated ? 1u << 3 : 0u));
    trigger += std::string(3, '\0');
    trigger += static_cast<char>(notification.session >> 8);
    trigger += static_cast<char>(notification.session & 0xff);
    trigger += static_cast<char>(notification.server.size());
    trigger += notification.server;
    trigger += notification.vendor;
    return digest_of(trigger, notification.server, password, nonce) + trigger;
}

}  // namespace steward::notify
