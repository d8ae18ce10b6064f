// The network, for a process that has none: every exchange and every session is done by a courier behind a socket. What
// he is given of an account are the contents of its files without its private key, which stays here and signs here.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "agent/courier/conduct.h"
#include "agent/courier/line.h"
#include "agent/transport/exchange.h"
#include "agent/transport/identity.h"
#include "platform/datagrams.h"
#include "platform/endpoint.h"

namespace steward::courier {

struct Office {
    std::function<Result<std::unique_ptr<platform::Connection>>()> connect;
    std::function<Result<std::string>(const std::string& path)> read;  // a file that Trust names
    std::function<Result<std::string>(const std::string& key_source, platform::Padding, std::string_view block)> sign;
};

// One account's way to its server. Not for use by two threads at once, but for the stop.
class Remote final : public transport::Exchange, public transport::Stream, public Conductor {
  public:
    Remote(Office office, transport::Trust trust, std::stop_token stop);
    ~Remote() override;

    // Faults of the exchange itself as of a CurlExchange; besides them io when there is no courier.
    Result<transport::Reply> post(const transport::Request& request) override;
    Result<transport::Reply> get(const transport::Request& request) override;
    Outcome listen(const transport::Request& request, const transport::Listener& listener) override;
    Course conduct(const Brief& brief, Home& home) override;

  private:
    Outcome open();
    Result<transport::Reply> exchange(Kind kind, const transport::Request& request);
    // Sends the job and answers questions by `answer` until something comes that is none.
    Result<Frame> work(Kind job, const std::string& body, Home* home);
    Result<Frame> next(Home* home);
    Outcome answer(const Frame& question, Home* home);
    void hang_up();  // the next job begins anew

    Office office_;
    transport::Trust trust_;
    std::stop_token stop_;
    std::unique_ptr<platform::Connection> connection_;
    std::unique_ptr<Line> line_;
    std::unique_ptr<std::stop_callback<std::function<void()>>> at_stop_;
};

// A UDP port of the courier's.
Result<std::unique_ptr<platform::Datagrams>> remote_port(const Office& office, std::uint16_t port);

}  // namespace steward::courier
