// The push channel: an event stream over HTTPS on which a server can nudge this device. What an event says is never
// believed, nor looked at: it only means that a session is worth having. Works with the nchan module of nginx, Mercure
// and ntfy; see docs/decisions/007-push-channel.md.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "agent/transport/exchange.h"
#include "agent/transport/retry.h"

namespace steward::notify {

struct Subscription {
    std::string account;
    std::string url;            // where events come from
    std::string authorization;  // value of that header; empty: none
    transport::Trust trust;
    bool operator==(const Subscription&) const = default;
};

// Push/Status of the DMClient DDF.
enum class ChannelStatus : std::uint8_t {
    works = 0,
    bad_name = 1,  // the server gave no usable address
    refused = 3,   // the push server does not let us in
    none = 4,      // no channel right now
    expired = 5,   // the push server does not know it any more
    unknown = 8
};

class Channel {
  public:
    struct Ears {
        std::function<void(const std::string& account)> nudged;
        std::function<void(const std::string& account, ChannelStatus)> changed;  // and once at the beginning
    };
    using Connect = std::function<std::unique_ptr<transport::Stream>(const transport::Trust&, std::stop_token)>;

    Channel(Subscription subscription, Connect connect, Ears ears);
    ~Channel();
    Channel(const Channel&) = delete;
    Channel& operator=(const Channel&) = delete;

    bool works() const { return status_ == ChannelStatus::works; }
    const Subscription& subscription() const { return subscription_; }

    static constexpr std::chrono::milliseconds first_wait{2000};
    static constexpr std::chrono::milliseconds longest_wait{15 * 60 * 1000};

  private:
    void keep_open(const std::stop_token& stop);
    void say(ChannelStatus status);

    Subscription subscription_;
    Connect connect_;
    Ears ears_;
    std::atomic<ChannelStatus> status_{ChannelStatus::unknown};
    std::jthread thread_;
};

// The channels of all accounts, kept as the accounts are. Of one thread, except works().
class Channels {
  public:
    Channels(Channel::Connect connect, Channel::Ears ears) : connect_(std::move(connect)), ears_(std::move(ears)) {}
    void keep(const std::vector<Subscription>& wanted);
    bool works(const std::string& account) const;

  private:
    Channel::Connect connect_;
    Channel::Ears ears_;
    std::map<std::string, std::unique_ptr<Channel>> channels_;
};

}  // namespace steward::notify
