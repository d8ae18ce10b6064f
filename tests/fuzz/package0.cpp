// Any datagram as a notification: it is dropped, or what was read can be written again and proves itself.
#include "agent/notify/package0.h"

#include <cstddef>
#include <cstdint>

#include "tests/fuzz/expect.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace steward;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    (void)notify::prove(bytes, "corp", "secret", "nonce", true);
    const auto found = notify::parse_package0(bytes);
    if (!found) return 0;
    fuzz::expect(found->session != 0 && !found->server.empty(), "it names a session and a server");
    const auto written = notify::encode(*found, "secret", "nonce");
    fuzz::expect(notify::prove(written, found->server, "secret", "nonce", false) == notify::Proof::nonce, "proved");
    const auto again = notify::parse_package0(written);
    fuzz::expect(again && again->server == found->server && again->session == found->session, "the same again");
    return 0;
}
