#include "agent/app/system.h"

#include <fstream>
#include <iterator>

#include "agent/app/linux/courier.h"
#include "agent/courier/remote.h"
#include "platform/datagrams.h"
#include "platform/endpoint.h"
#include "platform/linux/token_key.h"

namespace steward::app {
namespace {

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
                      auto key = platform::key_of_source(source);
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

std::vector<Verb> verbs_of_this_system() {
    return {courier_verb()};
}

std::vector<Option> network_options() {
    return {{"courier", "SOCKET", "leave the network to the process that listens there (see: steward courier)"}};
}

Result<std::unique_ptr<Network>> network_for(const Options& options) {
    if (!options.has("courier")) return own_network();
    return std::unique_ptr<Network>(std::make_unique<NetworkByCourier>(options.get("courier")));
}

}  // namespace steward::app
