// Any text as a LocURI: it is refused with a reason, or its segments survive being written and read again.
#include "agent/tree/uri.h"

#include <cstddef>
#include <cstdint>

#include "tests/fuzz/expect.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace steward;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    tree::Uri uri;
    if (auto parsed = uri.parse(text); !parsed) {
        fuzz::expect(!parsed.error().what.empty(), "a refusal gives its reason");
        return 0;
    }
    std::string again = ".";
    for (const auto segment : uri.segments()) again += "/" + tree::encode_segment(segment);
    if (again.size() > tree::max_uri_length) return 0;  // escapes can make it longer than a URI may be
    tree::Uri second;
    fuzz::expect(second.parse(again).ok(), "a written URI can be read");
    fuzz::expect(second.segments().size() == uri.segments().size(), "as many segments");
    for (std::size_t i = 0; i < uri.segments().size(); ++i) {
        fuzz::expect(second.segments()[i] == uri.segments()[i], "the same segments");
    }
    return 0;
}
