// A management server in this process: a queue of commands per device, each sent until its Status has come. Knows a
// message that is repeated by its MsgID, and can be made to lose requests and answers.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "agent/transport/exchange.h"

namespace steward::test {

class QueueServer final : public transport::Exchange {
  public:
    enum class Cut { none, request, answer };  // the request never arrives; it does, and its answer is lost

    std::string mdm = "https://mdm.example/dm";
    std::size_t at_once = 5;  // commands per message
    bool answers_alerts = true;
    std::function<Cut()> cut = [] { return Cut::none; };
    std::function<void()> asked = [] {};  // at every request, before anything else

    // The XML of a command with %ID% where its CmdID belongs; returns that id.
    std::string queue(const std::string& command);
    std::string queue_replace(const std::string& uri, const std::string& data);
    std::string queue_exec(const std::string& uri, const std::string& data = {});

    Result<transport::Reply> post(const transport::Request& request) override;

    // Locked: the agent may be in another thread.
    std::map<std::string, std::vector<std::string>> statuses() const;  // by CmdID, in the order they came
    std::vector<std::string> alerts() const;                           // "1226 TYPE DATA"
    std::vector<std::string> headers(const std::string& name) const;   // the values, request by request
    std::size_t sessions() const;
    bool wait_for_sessions(std::size_t count) const;  // up to 20 seconds

  private:
    Result<std::string> answer(const std::string& body);

    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    std::vector<std::pair<std::string, std::string>> waiting_;  // id and XML
    std::map<std::string, std::vector<std::string>> statuses_;
    std::vector<std::string> alerts_;
    std::vector<std::pair<std::string, std::string>> headers_;
    std::map<std::string, std::string> answered_;  // what was sent, by MsgID, in this session
    std::vector<std::string> sent_;                // CmdIDs that were sent in this session
    std::size_t sessions_ = 0, next_ = 0;
};

}  // namespace steward::test
