// What an administrator asks of the running server, as HTTP with JSON answers:
//   GET  /devices
//   GET  /queue[?device=ID]             a summary of each order
//   GET  /queue/NUMBER                  one order with all its answers
//   POST /queue?device=ID               body: SyncML commands; {"order": NUMBER}
//   POST /wake?device=ID[&channel=URL][&package0=HOST:PORT]
// Errors are {"error": "a sentence"} with a status of 400 and up.
#pragma once

#include <atomic>
#include <string>
#include <thread>

#include "platform/base/result.h"
#include "tests/server/http.h"
#include "tests/server/listener.h"
#include "tests/server/queue.h"
#include "tests/server/registry.h"

namespace steward::server {

class Admin {
  public:
    // push_ca: see push_to().
    Admin(Registry& registry, Queue& queue, std::string push_ca)
        : registry_(registry), queue_(queue), push_ca_(std::move(push_ca)) {}

    Response answer(const Request& request);

  private:
    Response devices() const;
    Response orders(const std::string& device) const;
    Response order(const std::string& number) const;
    Response add(const std::string& device, const std::string& xml);
    Response wake(const std::string& device, const std::string& channel, const std::string& package0);

    Registry& registry_;
    Queue& queue_;
    std::string push_ca_;
    std::atomic<std::uint16_t> notifications_{0};
};

// Answers on a UNIX socket, which only its owner may use, in a thread of its own until it goes out of scope.
class AdminSocket {
  public:
    static Result<std::unique_ptr<AdminSocket>> open(const std::string& path, Admin& admin);
    ~AdminSocket();

  private:
    AdminSocket(std::string path, Listener listener, Admin& admin);
    std::string path_;
    Listener listener_;
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

}  // namespace steward::server
