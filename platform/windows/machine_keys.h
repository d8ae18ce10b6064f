// Keys in the TPM of this machine, by CNG's Platform Crypto Provider: the seam that tests put a script behind.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "platform/lent_key.h"

namespace steward::platform {

struct MachineKeys {
    virtual ~MachineKeys() = default;
    virtual bool there() = 0;  // a TPM 2.0 that Windows uses
    virtual Outcome make(const std::string& name, int rsa_bits) = 0;
    virtual Result<std::optional<RsaPublic>> find(const std::string& name) = 0;
    virtual Result<std::string> sign(const std::string& name, Digest digest, Scheme scheme, std::string_view hash) = 0;
    virtual Outcome erase(const std::string& name) = 0;  // what is not there is already erased
};

// Those of this machine; a test puts its own here.
MachineKeys*& machine_keys();

// By a provider of CNG, as NCryptOpenStorageProvider names it.
std::unique_ptr<MachineKeys> cng_keys(std::wstring provider);

// "cng:Steward-…" names one. Fault not_found: there is no such key. The machine's keys must outlive the one that is
// given.
inline constexpr std::string_view machine_key_scheme = "cng:", machine_key_prefix = "Steward-";
Result<PrivateKey> machine_key(const std::string& reference, MachineKeys& machine = *machine_keys());

}  // namespace steward::platform
