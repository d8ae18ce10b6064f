// inotify on where logind and utmp keep sessions, rtnetlink for addresses and routes. Source: inotify(7), rtnetlink(7).
#pragma once

#include <functional>
#include <string>
#include <thread>

#include "platform/watch.h"

namespace steward::platform {

class Watch {
  public:
    // The network is this machine's, so it is watched only where the root is "/".
    Watch(const std::string& root, std::function<void(Changed)> changed);
    ~Watch();
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

  private:
    void look();

    std::function<void(Changed)> changed_;
    int logins_ = -1, network_ = -1, over_ = -1;
    std::thread thread_;
};

}  // namespace steward::platform
