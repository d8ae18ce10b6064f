// Keys as files of the agent, each readable by its owner only, and sealed where the system does that.
#pragma once

#include <string>

#include "platform/keystore.h"
#include "platform/state_files.h"

namespace steward::platform {

class KeyFiles final : public Keystore {
  public:
    // Below "keys" of these files, which outlive this object.
    explicit KeyFiles(StateFiles& files) : files_(files) {}

    Result<std::string> make(std::string_view label, const KeySpec& spec) override;
    Result<std::string> keep(std::string_view label, std::string_view pem) override;
    Result<std::string> request(const std::string& reference, const RequestFacts& facts) override;
    Result<std::string> sign_message(const std::string& reference, std::string_view certificate,
                                     std::string_view content) override;
    Result<std::string> sign(const std::string& reference, std::string_view bytes) override;
    Result<bool> belongs(const std::string& reference, std::string_view certificate) override;
    Result<KeyDescription> describe(const std::string& reference) override;
    Result<std::optional<std::string>> find(std::string_view label) override;
    Outcome erase(const std::string& reference) override;

  private:
    Result<std::string> write(const std::string& path, std::string_view pem);
    Result<std::string> path_of(const std::string& reference) const;  // below the state directory

    StateFiles& files_;
};

// Whether a key may be called so.
bool usable_label(std::string_view label);

}  // namespace steward::platform
