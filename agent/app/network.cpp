#include "agent/app/network.h"

#include "agent/transport/curl.h"
#include "platform/datagrams.h"

namespace steward::app {
namespace {

class OwnNetwork final : public Network {
  public:
    std::unique_ptr<courier::Conductor> conductor(const transport::Trust& trust, std::stop_token stop) override {
        return std::make_unique<courier::Direct>(exchange(trust, std::move(stop)));
    }
    std::unique_ptr<transport::Exchange> exchange(const transport::Trust& trust, std::stop_token stop) override {
        return curl(trust, std::move(stop));
    }
    std::unique_ptr<transport::Stream> stream(const transport::Trust& trust, std::stop_token stop) override {
        return curl(trust, std::move(stop));
    }
    Result<std::unique_ptr<platform::Datagrams>> port(std::uint16_t number) override {
        return platform::listen_on(number);
    }

  private:
    static std::unique_ptr<transport::CurlExchange> curl(const transport::Trust& trust, std::stop_token stop) {
        transport::Limits limits;
        limits.stop = std::move(stop);
        return std::make_unique<transport::CurlExchange>(trust, limits);
    }
};

}  // namespace

std::unique_ptr<Network> own_network() {
    return std::make_unique<OwnNetwork>();
}

}  // namespace steward::app
