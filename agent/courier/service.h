// The process that has the network and nothing else: does the jobs that come in over its socket, each connection on a
// thread of its own.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include "agent/transport/curl.h"
#include "platform/datagrams.h"
#include "platform/endpoint.h"

namespace steward::courier {

using OpenPort = std::function<Result<std::unique_ptr<platform::Datagrams>>(std::uint16_t port)>;

class Service {
  public:
    static constexpr std::size_t most_connections = 64;

    // linger: how long to stay without a job before run() returns; nullopt: until it is closed.
    Service(platform::Endpoint& endpoint, OpenPort open_port, std::optional<std::chrono::milliseconds> linger);
    ~Service();
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

    Outcome run();  // until the endpoint is closed, or nobody wanted anything for long enough

  private:
    struct Job;
    void sweep();

    platform::Endpoint& endpoint_;
    OpenPort open_port_;
    std::optional<std::chrono::milliseconds> linger_;
    std::vector<std::unique_ptr<Job>> jobs_;
};

}  // namespace steward::courier
