// Any bytes as an event stream, cut anywhere: the same events come out, and memory stays bounded.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "agent/notify/event_stream.h"
#include "tests/fuzz/expect.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace steward;
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    std::vector<std::string> whole, pieces;
    notify::EventStream first(
        [&](const notify::StreamEvent& event) { whole.push_back(event.type + "\n" + event.data); });
    notify::EventStream second(
        [&](const notify::StreamEvent& event) { pieces.push_back(event.type + "\n" + event.data); });
    const bool fine = first.feed(bytes);
    const std::size_t piece = data[0] % 17 + 1;
    bool also = true;
    for (std::size_t at = 0; at < bytes.size() && also; at += piece) also = second.feed(bytes.substr(at, piece));
    fuzz::expect(fine == also, "the same verdict");
    fuzz::expect(whole == pieces, "the same events");
    fuzz::expect(first.last_id() == second.last_id(), "the same id");
    return 0;
}
