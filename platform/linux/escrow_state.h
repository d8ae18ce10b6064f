// Which recovery keys we made, and how far each has come: one small file, written before every step.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/encryption.h"
#include "platform/linux/files.h"

namespace steward::platform {

// A key slot of ours. Its PBKDF2 has a number of iterations of its own, which is in the header from the moment the slot
// is: by it the slot is known again even when a kill came before anything else.
struct HeldKey {
    enum class Stage { adding, ready, received, leaving };
    std::string id;
    Stage stage = Stage::adding;
    std::string uuid;  // of the header
    std::string device;
    int slot = 0, iterations = 0;
    std::string sealed;  // base64
};

struct EscrowState {
    std::vector<HeldKey> keys;  // the oldest first
    Rotation rotation;
};

// Fault io when there is a file that can't be understood: nothing may be done then, as nobody knows whose slots are
// whose.
Result<EscrowState> load_escrow(const Files& files);
Outcome save_escrow(Files& files, const EscrowState& state);
// Takes away what a power cut has left of a list that was just being written; the list stays as it is.
Outcome tidy_escrow(Files& files);

}  // namespace steward::platform
