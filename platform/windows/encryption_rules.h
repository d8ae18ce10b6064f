// EncryptionRules on Windows. The methods are BitLocker's own policy, which holds for drives that are encrypted from
// now on; whether encryption is required is kept for the volumes to be judged by.
#pragma once

#include "platform/encryption.h"
#include "platform/windows/originals.h"

namespace steward::platform {

class WindowsEncryptionRules final : public Record<EncryptionRules> {
  public:
    explicit WindowsEncryptionRules(Registry& registry) : registry_(registry), originals_(registry, "Encryption") {}

    Result<EncryptionRules> read() override;
    Outcome write(const EncryptionRules& managed) override;

  private:
    Registry& registry_;
    Originals originals_;
};

}  // namespace steward::platform
