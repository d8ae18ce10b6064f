// What the operating system or a person tells a running service.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

namespace steward::platform {

enum class Signal : std::uint8_t { stop, reload };

// Hears them on a thread that is not its maker's. Made before any other thread of the process, or those could be hit
// instead.
class Signals {
  public:
    explicit Signals(std::function<void(Signal)> heard);
    ~Signals();
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;

  private:
    struct Ear;
    std::unique_ptr<Ear> ear_;
};

}  // namespace steward::platform
