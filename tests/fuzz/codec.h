// What must hold for every message that either reader has accepted.
#pragma once

#include "agent/syncml/read.h"
#include "agent/syncml/write.h"
#include "tests/fuzz/expect.h"

namespace steward::fuzz {

// What was written is read again, and written again it is the same: by both encodings.
inline void expect_stable(const syncml::Message& message) {
    for (const syncml::Encoding encoding : {syncml::Encoding::xml, syncml::Encoding::wbxml}) {
        const std::string once = syncml::write(encoding, message);
        const auto back = syncml::read(encoding, once);
        expect(back.ok(), "what was written can be read");
        expect(syncml::write(encoding, *back) == once, "what was read is written as it was");
    }
}

inline void read_and_check(syncml::Encoding encoding, std::string_view bytes) {
    constexpr std::size_t enough = 16 << 10;  // beyond it a legal message can grow over a limit when it is written
    const auto message = syncml::read(encoding, bytes);
    if (!message.ok()) return expect_reason(message.error());
    if (bytes.size() <= enough) expect_stable(*message);
}

}  // namespace steward::fuzz
