// A TPM of a test's own.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "platform/windows/machine_keys.h"
#include "tests/support/lent_keys.h"

namespace steward::test {

class ScriptedMachineKeys final : public platform::MachineKeys {
  public:
    bool there() override { return present; }
    Outcome make(const std::string& name, int rsa_bits) override {
        if (full) return Error{Fault::io, "A private key can't be made in the TPM.", "NCryptFinalizeKey"};
        auto holder = std::make_shared<PlayedHolder>(rsa_bits);
        holder->longest_salt = old;
        keys[name] = holder;
        return {};
    }
    Result<std::optional<platform::RsaPublic>> find(const std::string& name) override {
        const auto found = keys.find(name);
        return found == keys.end() ? std::nullopt : std::optional(found->second->shown());
    }
    Result<std::string> sign(const std::string& name, platform::Digest digest, platform::Scheme scheme,
                             std::string_view hash) override {
        const auto found = keys.find(name);
        if (found == keys.end()) return Error{Fault::not_found, "The key is gone.", name};
        return found->second->sign(digest, scheme, hash);
    }
    Outcome erase(const std::string& name) override {
        keys.erase(name);
        return {};
    }

    std::map<std::string, std::shared_ptr<PlayedHolder>> keys;
    bool present = true, full = false;
    bool old = false;  // signs PSS with the longest salt
};

}  // namespace steward::test
