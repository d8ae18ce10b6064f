// LUKS headers and mappings that exist only in a test.
#pragma once

#include <map>
#include <string>

#include "platform/linux/luks.h"

namespace steward::platform {

// Headers and mappings as a test says they are; nothing can be changed.
class ScriptedLuks final : public Luks {
  public:
    std::map<std::string, LuksFacts> headers;
    std::map<std::string, std::string> ciphers;

    Result<LuksFacts> read(const std::string& device) override {
        const auto found = headers.find(device);
        if (found == headers.end()) return none();
        return found->second;
    }
    Result<std::string> active_cipher(const std::string& name) override {
        const auto found = ciphers.find(name);
        if (found == ciphers.end()) return none();
        return found->second;
    }
    Outcome add(const std::string&, int, int, std::string_view, std::string_view) override { return none(); }
    Result<bool> opens(const std::string&, int, std::string_view) override { return none(); }
    Outcome mark(const std::string&, int, const std::string&) override { return none(); }
    Outcome erase_slot(const std::string&, int) override { return none(); }
    Outcome erase_token(const std::string&, int) override { return none(); }

  private:
    static Error none() { return {Fault::not_found, "There is no such thing.", ""}; }
};

}  // namespace steward::platform
