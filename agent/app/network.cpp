#include "agent/app/network.h"

#include <fstream>
#include <iterator>

#include "agent/courier/remote.h"
#include "agent/transport/curl.h"
#include "platform/linux/datagrams.h"
#include "platform/linux/endpoint.h"
#include "platform/linux/private_key.h"

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

Result<std::string> contents(const std::string& path) {
    constexpr std::size_t most = 1u << 20;
    std::ifstream file(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (!file || text.size() > most) {
        return Error{Fault::not_found,
                     "The file " + path + " of an account can't be used: missing, unreadable or too large.",
                     {}};
    }
    return text;
}

class NetworkByCourier final : public Network {
  public:
    explicit NetworkByCourier(std::string socket)
        : office_{[socket = std::move(socket)] { return platform::connect_to(socket, std::chrono::seconds(0)); },
                  contents,
                  [](const std::string& source, platform::Padding padding, std::string_view block) {
                      auto key = platform::PrivateKey::of_source(source);
                      return key ? key->sign_block(padding, block) : Result<std::string>(key.error());
                  }} {}

    std::unique_ptr<courier::Conductor> conductor(const transport::Trust& trust, std::stop_token stop) override {
        return std::make_unique<courier::Remote>(office_, trust, std::move(stop));
    }
    std::unique_ptr<transport::Exchange> exchange(const transport::Trust& trust, std::stop_token stop) override {
        return std::make_unique<courier::Remote>(office_, trust, std::move(stop));
    }
    std::unique_ptr<transport::Stream> stream(const transport::Trust& trust, std::stop_token stop) override {
        return std::make_unique<courier::Remote>(office_, trust, std::move(stop));
    }
    Result<std::unique_ptr<platform::Datagrams>> port(std::uint16_t number) override {
        return courier::remote_port(office_, number);
    }

  private:
    courier::Office office_;
};

}  // namespace

std::unique_ptr<Network> own_network() {
    return std::make_unique<OwnNetwork>();
}

std::unique_ptr<Network> network_by(const std::string& courier_socket) {
    return std::make_unique<NetworkByCourier>(courier_socket);
}

}  // namespace steward::app
