// Any bytes at the control socket, cut anywhere: refused in words, or words that can be sent again.
#include <cstddef>
#include <cstdint>

#include "agent/control/request.h"
#include "tests/fuzz/expect.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace steward;
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    const std::size_t piece = data[0] % 13 + 1;
    control::RequestReader reader;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        const auto words = reader.feed(bytes.substr(at, piece));
        if (!words) {
            fuzz::expect(!words.error().what.empty(), "a refusal gives its reason");
            break;
        }
        if (!*words) continue;
        const auto sent = control::encode(**words);
        fuzz::expect(sent.ok(), "words that came in can go out");
        control::RequestReader again;
        const auto same = again.feed(*sent);
        fuzz::expect(same && *same && **same == **words, "the same words");
        break;
    }
    if (const auto line = control::decode(bytes)) (void)control::encode(*line);
    return 0;
}
