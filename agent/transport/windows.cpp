#include "agent/transport/windows.h"

#include "platform/base/bytes.h"
#include "platform/base/digest.h"

namespace steward::transport {

std::string session_url(std::string_view url, bool user_logged_in) {
    std::string made(url.substr(0, url.find('#')));
    if (made.find('?') == std::string::npos) {
        made += '?';
    } else if (made.back() != '?' && made.back() != '&') {
        made += '&';
    }
    made += user_logged_in ? "mode=Maintenance" : "mode=Machine";
    return made + "&Platform=WoA";
}

std::string new_correlation() {
    return to_base64(random_bytes(12));  // 16 characters without padding, the form of a version 1 vector
}

std::vector<std::pair<std::string, std::string>> windows_headers(std::string_view request_id,
                                                                 std::string_view correlation, std::size_t number) {
    return {
        {"Accept", "application/vnd.syncml.dm+xml, application/vnd.syncml.dm+wbxml, application/octet-stream"},
        {"Accept-Charset", "UTF-8"},
        {"User-Agent", "MSFT OMA DM Client/1.2.0.1"},
        {"Client-Request-Id", std::string(request_id.empty() ? "0" : request_id)},
        {"MS-CV", std::string(correlation) + '.' + std::to_string(number)},
    };
}

}  // namespace steward::transport
