// What the test server does with a request: finds the player for the device that sent it, lets it answer, prints what
// went on and keeps the findings. Called from the threads of all connections.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "tests/server/http.h"
#include "tests/server/queue.h"
#include "tests/server/trace.h"
#include "tests/server/trust.h"
#include "tests/support/manner.h"
#include "tests/support/player.h"
#include "tests/support/transcript.h"

namespace steward::server {

// What is played: the scripts in turn for each device, or the one whose id is the last part of the request's path.
struct Programme {
    std::vector<std::shared_ptr<const transcript::Transcript>> scripts;  // at least one
    std::shared_ptr<const transcript::Transcript> first;                 // for the first session of each device, if any
    std::map<std::string, transcript::Manner> manners;                   // by script id; missing: usual
    transcript::Manner usual;
};

// One script played to its end, or as far as the client went.
struct Played {
    std::string device, id, title;
    std::size_t sessions = 0;
    std::vector<transcript::Finding> findings;
    bool passed = false;
};

class Service {
  public:
    // enrolled: sessions are for the devices in its registry only; nullopt: for everybody.
    Service(Programme programme, Trace& trace, std::chrono::seconds idle, Queue& queue,
            std::optional<Enrolled> enrolled = {});

    struct Answer {
        Response response;
        std::chrono::milliseconds delay{0};
    };
    Answer answer(const Request& request, const Peer& peer, int connection, const std::string& scheme);
    void closed(int connection);
    void refused(const Error& error);  // a connection that came to nothing; printed only

    // Ends what is over or has been idle too long.
    void tidy(std::chrono::steady_clock::time_point now);
    void finish();  // ends everything

    std::size_t sessions() const;  // that are over
    std::vector<Played> played() const;

  private:
    struct Active {
        std::shared_ptr<const transcript::Transcript> script;
        std::unique_ptr<transcript::Player> player;
        std::string device;
        int connection = -1;
        std::size_t reported = 0;  // findings already printed
        std::size_t accepted = 0;  // sessions whose client was believed
        std::optional<Trusted> trusted;
        std::chrono::steady_clock::time_point touched;
    };
    Active& active_for(const std::string& device, const std::string& path, bool begins, bool leaving,
                       const std::optional<Trusted>& trusted);
    void prepare(Active& active, bool leaving);
    std::string key_for(const std::string& device, const std::string& path) const;
    const Active* going_on(const std::string& key, bool begins) const;
    void learn(Active& active);
    std::shared_ptr<const transcript::Transcript> choose(const std::string& device, const std::string& path);
    void report(Active& active);
    void retire(const std::string& key);

    Programme programme_;
    Trace& trace_;
    std::chrono::seconds idle_;
    Queue& queue_;
    std::optional<Enrolled> enrolled_;
    mutable std::mutex mutex_;
    std::map<std::string, Active> active_;        // by device and chosen id
    std::map<std::string, std::size_t> cursors_;  // by device: how many scripts it has begun
    std::vector<Played> played_;
    std::size_t sessions_ = 0;
};

}  // namespace steward::server
