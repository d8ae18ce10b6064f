#include "agent/app/token_listener.h"

#include <utility>

#include "platform/base/bytes.h"
#include "platform/base/digest.h"
#include "platform/base/text.h"

namespace steward::app {
namespace {

constexpr std::size_t largest_request = 1u << 20;
constexpr std::chrono::seconds time_for_a_request{5};
constexpr std::size_t secret_bytes = 16;

constexpr std::string_view thanks =
    "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close\r\n\r\n"
    "<!DOCTYPE html><title>Steward</title><p>Signed in. You can close this page.</p>\n";
constexpr std::string_view refusal = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

std::size_t length_in(std::string_view head) {
    for (const auto line : split(head, '\n')) {
        const auto colon = line.find(':');
        if (colon == std::string_view::npos || !same_ignoring_case(trim(line.substr(0, colon)), "content-length")) {
            continue;
        }
        const auto length = to_integer(trim(line.substr(colon + 1)));
        if (length && *length >= 0) return static_cast<std::size_t>(*length);
    }
    return 0;
}

// One whole request, or what came of it before it grew too large or nothing more came.
std::string read_request(platform::Connection& visitor) {
    std::string text;
    while (text.size() < largest_request) {
        const auto end = text.find("\r\n\r\n");
        if (end != std::string::npos && text.size() >= end + 4 + length_in(std::string_view(text).substr(0, end)))
            break;
        const auto got = visitor.read(4096);
        if (!got || got->empty()) break;
        text += *got;
    }
    return text;
}

Error failed(const char* what, const Error& why) {
    return {why.fault, std::string(what) + ": " + why.evidence + ". Give the token with --token-file.", {}};
}

}  // namespace

std::string form_field(std::string_view form, std::string_view name) {
    for (const auto part : split(trim(form), '&')) {
        const auto equals = part.find('=');
        if (equals == std::string_view::npos || part.substr(0, equals) != name) continue;
        const auto raw = part.substr(equals + 1);
        std::string value;
        for (std::size_t i = 0; i < raw.size(); ++i) {
            const auto byte = raw[i] == '%' ? from_hex(raw.substr(i + 1, 2)) : std::nullopt;
            value += byte && byte->size() == 1 ? byte->front() : raw[i] == '+' ? ' ' : raw[i];
            if (byte && byte->size() == 1) i += 2;
        }
        return value;
    }
    return {};
}

namespace {

// All but the unreserved characters of RFC 3986, so that a value stays one value.
std::string query_value(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string escaped;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                           c == '.' || c == '_' || c == '~';
        if (plain) {
            escaped += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            ((escaped += '%') += digits[byte >> 4]) += digits[byte & 0xF];
        }
    }
    return escaped;
}

}  // namespace

std::string sign_in_address(const std::string& page, const std::string& return_address, const std::string& user) {
    std::string address =
        page + (page.find('?') == std::string::npos ? "?" : "&") + "appru=" + query_value(return_address);
    if (!user.empty()) address += "&login_hint=" + query_value(user);
    return address;
}

Result<TokenListener> TokenListener::open() {
    auto port = platform::listen_on_loopback(time_for_a_request);
    if (!port) return failed("No address for the sign-in page could be made", port.error());
    const std::string path = "/" + to_hex(random_bytes(secret_bytes));
    const std::string address = "http://127.0.0.1:" + std::to_string((*port)->port()) + path;
    return TokenListener(std::move(*port), address, path);
}

std::string TokenListener::serve(platform::Connection& visitor) const {
    const std::string request = read_request(visitor);
    std::string token;
    const auto end = request.find("\r\n\r\n");
    const std::string line = request.substr(0, request.find("\r\n"));
    if (line.starts_with("POST " + path_ + " ") && end != std::string::npos) {
        token = form_field(std::string_view(request).substr(end + 4), "wresult");
    } else if (line.starts_with("GET " + path_ + "?")) {
        const auto query = std::string_view(line).substr(path_.size() + 5);
        token = form_field(query.substr(0, query.find(' ')), "wresult");
    }
    (void)visitor.write(token.empty() ? refusal : thanks);  // the token is here; the page is a courtesy
    return token;
}

Result<std::string> TokenListener::wait(int pasted, std::chrono::seconds patience) {
    const auto end = std::chrono::steady_clock::now() + patience;
    std::string line;
    for (;;) {
        auto event = port_->next(
            pasted, std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()));
        if (!event && event.error().fault == Fault::timeout)
            return Error{Fault::timeout, "Nobody signed in: try again, or give the token with --token-file.", {}};
        if (!event) return failed("Waiting for the sign-in failed", event.error());
        if (event->visitor) {
            if (auto token = serve(*event->visitor); !token.empty()) return token;
            continue;
        }
        if (event->typed.empty()) {
            pasted = -1;  // a closed standard input is nobody; the page may still come
            continue;
        }
        line += event->typed;
        for (auto cut = line.find('\n'); cut != std::string::npos; cut = line.find('\n')) {
            const std::string token(trim(std::string_view(line).substr(0, cut)));
            if (!token.empty()) return token;
            line.erase(0, cut + 1);
        }
        if (line.size() > largest_request) return Error{Fault::too_large, "What was pasted is no token.", {}};
    }
}

}  // namespace steward::app
