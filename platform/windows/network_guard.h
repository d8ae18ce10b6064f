// The guard over our wireless networks: what they were is kept in the registry, so that a restarted service finds it,
// and returns when the time is over. Windows has no such thing of its own: while the service is dead nothing returns,
// but the service manager starts it again, and whoever starts with an armed guard takes over its watch.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "platform/base/clock.h"
#include "platform/wifi.h"
#include "platform/windows/registry.h"
#include "platform/windows/wifi.h"
#include "platform/windows/wlan_calls.h"

namespace steward::platform {

class WindowsNetworkGuard final : public NetworkGuard {
  public:
    enum class Watch : std::uint8_t { by_itself, when_asked };
    WindowsNetworkGuard(Registry& registry, WlanCalls& calls, const Clock& clock, Watch watch = Watch::by_itself);
    ~WindowsNetworkGuard() override;
    WindowsNetworkGuard(const WindowsNetworkGuard&) = delete;
    WindowsNetworkGuard& operator=(const WindowsNetworkGuard&) = delete;

    Outcome arm(std::chrono::seconds patience) override;
    bool is_armed() const override;
    Result<Verdict> keep() override;
    Outcome undo() override;

    void look();  // undoes what has had its time

  private:
    // By the name of its key in the registry: its values there, and its document on each adapter.
    struct Network {
        std::map<std::string, std::string> record, documents;
        bool operator==(const Network&) const = default;
    };
    using Networks = std::map<std::string, Network>;

    Result<Networks> present() const;
    Result<Networks> kept() const;
    Outcome restore(const std::string& name, const Network& network);
    std::optional<Instant> until() const;
    Outcome undo_locked();
    Outcome disarm();
    void watch();

    Registry& registry_;
    WlanCalls& calls_;
    const Clock& clock_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    bool armed_ = false;  // by us, and nobody has heard yet what became of it
    bool ending_ = false;
    std::thread watcher_;
};

}  // namespace steward::platform
