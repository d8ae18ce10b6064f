// Which recovery passwords we made, and how far each has come: kept in the registry, written before every step.
#pragma once

#include <string>
#include <vector>

#include "platform/encryption.h"
#include "platform/windows/registry.h"

namespace steward::platform {

// BitLocker keeps the password under a name that has our id in it: by it a protector is known again even when a kill
// came before anything else.
struct HeldPassword {
    enum class Stage { adding, ready, received, leaving };
    std::string id;
    Stage stage = Stage::adding;
    std::string device;  // "\\?\Volume{…}\"
    std::string letter;
    std::string sealed;  // base64

    std::string name() const { return "Steward " + id; }
};

struct HeldPasswords {
    std::vector<HeldPassword> all;  // the oldest first
    Rotation rotation;
};

// Fault io when there is something that can't be understood: nothing may be done then, as nobody knows whose protectors
// are whose.
Result<HeldPasswords> load_passwords(const Registry& registry);
Outcome save_passwords(Registry& registry, const HeldPasswords& passwords);

}  // namespace steward::platform
