// How the service reaches the network: by itself, or by a courier, a process that has nothing else.
#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>

#include "agent/courier/conduct.h"
#include "agent/transport/exchange.h"
#include "platform/datagrams.h"

namespace steward::app {

struct Network {
    virtual ~Network() = default;
    virtual std::unique_ptr<courier::Conductor> conductor(const transport::Trust& trust, std::stop_token stop) = 0;
    virtual std::unique_ptr<transport::Exchange> exchange(const transport::Trust& trust, std::stop_token stop) = 0;
    virtual std::unique_ptr<transport::Stream> stream(const transport::Trust& trust, std::stop_token stop) = 0;
    virtual Result<std::unique_ptr<platform::Datagrams>> port(std::uint16_t number) = 0;
};

std::unique_ptr<Network> own_network();

}  // namespace steward::app
