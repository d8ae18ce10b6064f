#include "agent/control/client.h"

namespace steward::control {

Result<int> ask(platform::Connection& service, const std::vector<std::string>& words,
                const std::function<void(const Line&)>& heard) {
    auto request = encode(words);
    if (!request) return request.error();
    if (auto sent = service.write(*request); !sent) return sent.error();
    std::string pending;
    for (;;) {
        auto bytes = service.read(64u << 10);
        if (!bytes) return bytes.error();
        if (bytes->empty()) return Error{Fault::interrupted, "The service ended before its answer did.", {}};
        pending += *bytes;
        for (auto end = pending.find('\n'); end != std::string::npos; end = pending.find('\n')) {
            const auto line = decode(std::string_view(pending).substr(0, end));
            pending.erase(0, end + 1);
            if (!line) return Error{Fault::malformed, "The service answered something that is no answer.", {}};
            if (line->kind == Line::Kind::exit) return line->code;
            heard(*line);
        }
        if (pending.size() > (1u << 20)) return Error{Fault::too_large, "A line of the service has no end.", {}};
    }
}

}  // namespace steward::control
