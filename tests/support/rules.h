// What every client must do in every session, whatever a transcript says. Source: protocol sheet 1.4 to 1.8.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "agent/syncml/message.h"

namespace steward::transcript {

bool is_rule(std::string_view name);
std::string rules_listed();

struct Breach {
    std::string rule;
    std::string what;  // a sentence
};

// Watches one session.
class Rules {
  public:
    std::vector<Breach> check(const syncml::Message& client, std::size_t bytes);
    void sent(const syncml::Message& server);  // what the server answered; unread answers are not reported here
    void sent_unknown();                       // an answer whose commands we cannot know: references are not checked

  private:
    struct Sent {
        std::string id, name;
        std::size_t place = 0;  // in document order
        bool answered = false;
    };
    void remember(const std::vector<syncml::Command>& commands, std::vector<Sent>& into) const;
    void check_header(const syncml::Message& client);
    void check_first(const syncml::Message& client);
    void check_ids(const syncml::Message& client);
    void check_references(const syncml::Message& client);
    void breach(std::string_view rule, std::string what);

    std::vector<Breach> found_;
    std::size_t messages_ = 0;
    std::string session_id_;
    std::size_t max_message_ = 0;
    bool blind_ = false;
    std::string last_msg_id_;                        // of the server
    std::map<std::string, std::vector<Sent>> sent_;  // by MsgID of the server
};

}  // namespace steward::transcript
