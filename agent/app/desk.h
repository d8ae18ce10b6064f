// The service's front desk: what local programs may ask of it, and how they ask.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/app/agent.h"
#include "agent/app/engine.h"
#include "agent/control/server.h"

namespace steward::app {

// Answers "status json|text" to everybody, "sync ACCOUNT json|text" and "reload" to administrators.
class Desk {
  public:
    Desk(Places places, Mailbox<Letter>& engine) : places_(std::move(places)), engine_(engine) {}
    int operator()(const std::vector<std::string>& words, const platform::Visitor& visitor, control::Answer& answer);

  private:
    int status(bool json, control::Answer& answer) const;
    int sync(const std::string& account, bool json, control::Answer& answer);

    Places places_;
    Mailbox<Letter>& engine_;
};

// Lets the running service answer on this terminal; nullopt when none is running.
std::optional<int> ask_service(const Places& places, const std::vector<std::string>& words);

// Tells a running service that accounts or settings have changed under it.
void nudge_service(const Places& places);

}  // namespace steward::app
