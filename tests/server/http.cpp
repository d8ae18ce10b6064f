#include "tests/server/http.h"

#include <algorithm>

#include "platform/base/text.h"

namespace steward::server {
namespace {

bool token_character(char c) {
    constexpr std::string_view others = "!#$%&'*+-.^_`|~";
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           others.find(c) != std::string_view::npos;
}

bool token(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), token_character);
}

Error malformed(std::string what, std::string_view seen) {
    return {Fault::malformed, std::move(what), std::string(seen.substr(0, 120))};
}

Outcome parse_request_line(std::string_view line, Request& request) {
    const auto parts = split(line, ' ');
    if (parts.size() != 3 || !token(parts[0]) || parts[1].empty() || !parts[2].starts_with("HTTP/1.")) {
        return malformed("The request line is not \"METHOD target HTTP/1.x\".", line);
    }
    request.method = parts[0];
    request.target = parts[1];
    request.version = parts[2];
    return {};
}

// How long the body is; an Error when the fields do not say so in a way we take.
Result<std::size_t> body_length(const Request& request, std::size_t limit) {
    if (!request.header("Transfer-Encoding").empty()) {
        return Error{Fault::unsupported,
                     "The request uses Transfer-Encoding; an OMA-DM client must send Content-Length.",
                     request.header("Transfer-Encoding")};
    }
    std::optional<std::string> length;
    for (const auto& [name, value] : request.headers) {
        if (!same_ignoring_case(name, "Content-Length")) continue;
        if (length && *length != value) return malformed("The request has two different Content-Length fields.", value);
        length = value;
    }
    if (!length) {
        if (request.method == "POST" || request.method == "PUT") {
            return Error{Fault::incomplete, "The request has a body but no Content-Length.", request.method};
        }
        return std::size_t{0};
    }
    const auto number = to_integer(*length);
    if (!number || *number < 0 || length->front() == '+') {
        return malformed("Content-Length is not a number.", *length);
    }
    if (static_cast<std::uint64_t>(*number) > limit) {
        return Error{Fault::too_large,
                     "The request body is larger than the limit of " + std::to_string(limit) + " bytes.", *length};
    }
    return static_cast<std::size_t>(*number);
}

}  // namespace

std::string Request::header(std::string_view name) const {
    for (const auto& [field, value] : headers) {
        if (same_ignoring_case(field, name)) return value;
    }
    return {};
}

bool Request::keep_alive() const {
    const auto connection = lower(header("Connection"));
    if (connection.find("close") != std::string::npos) return false;
    return version == "HTTP/1.1" || connection.find("keep-alive") != std::string::npos;
}

Result<Request> parse_head(std::string_view head) {
    Request request;
    bool first = true;
    for (auto line : split(head, '\n')) {
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.find('\r') != std::string_view::npos || line.find('\0') != std::string_view::npos) {
            return malformed("The request head contains a stray control character.", line);
        }
        if (first) {
            if (auto parsed = parse_request_line(line, request); !parsed) return parsed.error();
            first = false;
            continue;
        }
        const auto colon = line.find(':');
        if (colon == std::string_view::npos || !token(line.substr(0, colon))) {
            return malformed("A header field is not \"Name: value\".", line);
        }
        request.headers.emplace_back(line.substr(0, colon), trim(line.substr(colon + 1)));
    }
    return request;
}

Result<bool> RequestReader::fill() {
    constexpr std::size_t piece = 16u << 10;
    const std::size_t had = pending_.size();
    pending_.resize(had + piece);
    auto got = stream_.read(pending_.data() + had, piece);
    pending_.resize(had + (got ? *got : 0));
    if (!got) return got.error();
    return *got > 0;
}

Result<std::optional<Request>> RequestReader::next() {
    std::size_t searched = 0;
    std::size_t end = std::string::npos;
    while ((end = pending_.find("\r\n\r\n", searched)) == std::string::npos) {
        if (pending_.size() > limits_.head) {
            return Error{Fault::too_large,
                         "The request head is larger than the limit of " + std::to_string(limits_.head) + " bytes.",
                         {}};
        }
        searched = pending_.size() < 3 ? 0 : pending_.size() - 3;
        auto more = fill();
        if (!more) return more.error();
        if (!*more) {
            if (pending_.empty()) return std::optional<Request>{};
            return Error{Fault::incomplete, "The connection closed in the middle of a request head.", {}};
        }
    }
    if (end > limits_.head) {
        return Error{Fault::too_large,
                     "The request head is larger than the limit of " + std::to_string(limits_.head) + " bytes.",
                     {}};
    }
    auto request = parse_head(std::string_view(pending_).substr(0, end));
    if (!request) return request.error();
    auto length = body_length(*request, limits_.body);
    if (!length) return length.error();
    pending_.erase(0, end + 4);
    if (same_ignoring_case(request->header("Expect"), "100-continue") && pending_.size() < *length) {
        if (auto sent = stream_.write("HTTP/1.1 100 Continue\r\n\r\n"); !sent) return sent.error();
    }
    while (pending_.size() < *length) {
        auto more = fill();
        if (!more) return more.error();
        if (!*more) return Error{Fault::incomplete, "The connection closed in the middle of a request body.", {}};
    }
    request->body = pending_.substr(0, *length);
    pending_.erase(0, *length);
    return std::optional<Request>(std::move(*request));
}

int refusal(const Error& error) {
    switch (error.fault) {
        case Fault::too_large:
            return 413;
        case Fault::incomplete:
            return 411;
        case Fault::unsupported:
            return 501;
        default:
            return 400;
    }
}

std::string_view reason(int status) {
    switch (status) {
        case 200:
            return "OK";
        case 301:
            return "Moved Permanently";
        case 302:
            return "Found";
        case 307:
            return "Temporary Redirect";
        case 308:
            return "Permanent Redirect";
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 411:
            return "Length Required";
        case 413:
            return "Content Too Large";
        case 415:
            return "Unsupported Media Type";
        case 429:
            return "Too Many Requests";
        case 500:
            return "Internal Server Error";
        case 501:
            return "Not Implemented";
        case 502:
            return "Bad Gateway";
        case 503:
            return "Service Unavailable";
        default:
            return "Status";
    }
}

std::string encode_head(const Response& response, bool keep_alive) {
    std::string head =
        "HTTP/1.1 " + std::to_string(response.status) + ' ' + std::string(reason(response.status)) + "\r\n";
    if (!response.content_type.empty()) head += "Content-Type: " + response.content_type + "\r\n";
    const auto length = static_cast<std::ptrdiff_t>(response.body.size()) + response.length_error;
    head += "Content-Length: " + std::to_string(std::max<std::ptrdiff_t>(length, 0)) + "\r\n";
    for (const auto& [name, value] : response.headers) head += name + ": " + value + "\r\n";
    head += keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";
    return head;
}

Outcome write(Stream& stream, const Response& response, bool keep_alive) {
    std::string bytes = encode_head(response, keep_alive);
    bytes += std::string_view(response.body).substr(0, response.cut.value_or(response.body.size()));
    return stream.write(bytes);
}

}  // namespace steward::server
