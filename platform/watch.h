// Notices that something on the device may have changed; whoever is told looks for himself.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace steward::platform {

enum class Changed : std::uint8_t { logins, network, settings };

// Tells on a thread of its own.
class Watch {
  public:
    // The network is this machine's, so it is watched only where the root is "/".
    Watch(const std::string& root, std::function<void(Changed)> changed);
    ~Watch();
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

  private:
    struct Post;
    std::unique_ptr<Post> post_;
};

}  // namespace steward::platform
