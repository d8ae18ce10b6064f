#include "tests/server/federation.h"

#include "platform/base/bytes.h"
#include "platform/base/digest.h"
#include "platform/base/text.h"
#include "tests/server/xml.h"

namespace steward::server {
namespace {

constexpr std::size_t most_tickets = 1000;
constexpr auto lifetime = std::chrono::minutes(15);

std::string decoded(std::string_view text) {
    std::string made;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+') {
            made += ' ';
        } else if (const auto byte = text[i] == '%' ? from_hex(text.substr(i + 1, 2)) : std::nullopt;
                   byte && byte->size() == 1) {
            made += *byte;
            i += 2;
        } else {
            made += text[i];
        }
    }
    return made;
}

std::string encoded(std::string_view text) {
    std::string made;
    for (const char c : text) {
        const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        made += plain ? std::string(1, c) : '%' + to_hex({&c, 1});
    }
    return made;
}

Response page(int status, const std::string& title, const std::string& body) {
    Response made{status, "text/html; charset=utf-8", {{"Cache-Control", "no-store"}}, {}, {}, 0};
    made.body =
        "<!DOCTYPE html>\n<html><head><title>" + title + "</title></head><body>\n" + body + "\n</body></html>\n";
    return made;
}

std::string hidden(const std::string& name, const std::string& value) {
    return "<input type=\"hidden\" name=\"" + name + "\" value=\"" + escaped(value) + "\">";
}

// A script, or a file of the browser's machine, is no place to send a token to.
bool acceptable(std::string_view target) {
    const auto colon = target.find(':');
    const auto scheme = lower(target.substr(0, colon));
    const bool legible = target.size() < 2048 && target.find_first_of("\r\n") == target.npos;
    return colon != target.npos && legible && scheme != "javascript" && scheme != "data" && scheme != "file";
}

}  // namespace

std::map<std::string, std::string> form_fields(std::string_view text) {
    std::map<std::string, std::string> made;
    for (const auto part : split(text, '&')) {
        const auto equal = part.find('=');
        if (equal == part.npos) continue;
        made.emplace(decoded(part.substr(0, equal)), decoded(part.substr(equal + 1)));
    }
    return made;
}

std::string Federation::issue(const std::string& user) {
    const std::lock_guard lock(mutex_);
    const auto now = clock_.now();
    std::erase_if(tickets_, [&](const auto& each) { return each.second.until < now; });
    if (tickets_.size() >= most_tickets) tickets_.erase(tickets_.begin());
    auto token = to_hex(random_bytes(24));
    tickets_[token] = {user, now + lifetime};
    return token;
}

Response Federation::answer(const Request& request) {
    const auto question = request.target.find('?');
    auto fields =
        form_fields(question == std::string::npos ? "" : std::string_view(request.target).substr(question + 1));
    if (request.method == "POST") {
        for (auto& [name, value] : form_fields(request.body)) fields[name] = value;
    }
    const auto target = fields["appru"];
    if (!acceptable(target)) {
        return page(400, "No way back", "<p>The query says no appru to which the token could go.</p>");
    }
    auto user = fields["login_hint"];
    if (asks_) {
        const bool right = request.method == "POST" && accepts_(fields["user"], fields["password"]);
        if (!right) {
            const std::string wrong = request.method == "POST" ? "<p>Name or password is wrong.</p>" : "";
            return page(request.method == "POST" ? 401 : 200, "Sign in",
                        wrong + "<form method=\"post\" action=\"/auth\">" + hidden("appru", target) +
                            hidden("how", fields["how"]) + "<input name=\"user\" value=\"" + escaped(user) +
                            "\"><input type=\"password\" name=\"password\"><input type=\"submit\"></form>");
        }
        user = fields["user"];
    }
    const auto token = issue(user);
    if (fields["how"] == "redirect") {
        const char joint = target.find('?') == std::string::npos ? '?' : '&';
        Response moved{302, "text/plain", {{"Cache-Control", "no-store"}}, {}, {}, 0};
        moved.headers.emplace_back("Location", target + joint + "wresult=" + encoded(token));
        return moved;
    }
    return page(200, "Signed in",
                "<form method=\"post\" action=\"" + escaped(target) + "\">" + hidden("wresult", token) +
                    "<noscript><input type=\"submit\" value=\"Go on\"></noscript></form>"
                    "<script>document.forms[0].submit()</script>");
}

std::optional<std::string> Federation::user_of(const std::string& token) const {
    const std::lock_guard lock(mutex_);
    const auto found = tickets_.find(token);
    if (found == tickets_.end() || found->second.until < clock_.now()) return std::nullopt;
    return found->second.user;
}

std::optional<std::string> Federation::spend(const std::string& token) {
    auto user = user_of(token);
    const std::lock_guard lock(mutex_);
    return tickets_.erase(token) > 0 ? user : std::nullopt;
}

}  // namespace steward::server
