// A hostile server against a live tree: whatever it says, the client answers with a message that can be read, or ends.
#include "agent/session/session.h"

#include <cstddef>
#include <cstdint>

#include "agent/syncml/read.h"
#include "tests/fuzz/expect.h"
#include "tests/tree/device.h"

namespace {

struct NoNonces final : steward::session::NonceStore {
    void client_nonce(const std::string&) override {}
    void server_nonce(const std::string&) override {}
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace steward;
    const std::string_view body(reinterpret_cast<const char*>(data), size);
    tree::Device device;
    session::Settings settings;
    settings.server_id = "corp";
    settings.server_url = "https://server.example/dm";
    settings.session_id = "1";
    settings.device = {"dev-0001", "ACME", "Box", "1.3", "en-US"};
    settings.client = {session::Auth::md5, "dev-0001", "secret", {}, false};
    settings.max_messages = 6;
    settings.make_nonce = [] { return std::string("nonce"); };
    NoNonces nonces;
    session::Session session(std::move(settings), *device.tree, nonces);
    auto step = session.open();
    // The same words again and again: chunks, challenges and endless packages all come from repetition.
    for (int n = 0; step.send && step.end == session::End::none; ++n) {
        fuzz::expect(n < 100, "the session ends by itself");
        fuzz::expect(syncml::read(syncml::Encoding::xml, step.send->body).ok(), "what we send can be read");
        step = session.receive({200, "application/vnd.syncml.dm+xml", body, {}});
    }
    fuzz::expect(step.end != session::End::none, "a session that sends nothing is over");
    fuzz::expect(step.end == session::End::finished || !step.error.what.empty(), "a bad end gives its reason");
    return 0;
}
