#include "agent/courier/line.h"

#include <algorithm>

namespace steward::courier {
namespace {

constexpr std::size_t head_size = 5;  // kind, then the length of the body, lowest byte first

}  // namespace

Outcome Line::send(Kind kind, std::string_view body) {
    if (body.size() > longest) {
        return Error{Fault::too_large, "What one process of Steward has to tell the other is too long.", {}};
    }
    std::string head(1, static_cast<char>(kind));
    for (std::size_t i = 0; i + 1 < head_size; ++i) head += static_cast<char>(body.size() >> (8 * i) & 0xFF);
    if (auto begun = connection_.write(head); !begun) return begun;
    return connection_.write(body);
}

Result<Frame> Line::next() {
    std::size_t want = head_size;
    Frame frame;
    for (bool headed = false;;) {
        if (pending_.size() < want) {
            auto bytes = connection_.read(std::clamp<std::size_t>(want - pending_.size(), 4u << 10, 1u << 20));
            if (!bytes) return bytes.error();
            if (bytes->empty()) return Error{Fault::interrupted, "The other process of Steward has hung up.", {}};
            pending_ += *bytes;
            continue;
        }
        if (headed) {
            frame.body = pending_.substr(0, want);
            pending_.erase(0, want);
            return frame;
        }
        const auto kind = static_cast<unsigned char>(pending_.front());
        std::size_t length = 0;
        for (std::size_t i = head_size; --i > 0;) length = length << 8 | static_cast<unsigned char>(pending_[i]);
        if (kind > static_cast<unsigned char>(Kind::last) || length > longest) {
            return Error{Fault::malformed, "The other process of Steward said something that is no frame.", {}};
        }
        frame.kind = static_cast<Kind>(kind);
        pending_.erase(0, head_size);
        want = length;
        headed = true;
    }
}

}  // namespace steward::courier
