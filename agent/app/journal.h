// What the service writes down for people while it runs: one line per event, to standard error, where the journal or a
// terminal picks it up. Secrets never come here.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "platform/event_log.h"

namespace steward::app {

enum class Level : std::uint8_t { error, warning, info, debug };

// Where standard error is the journal's, each line carries its priority; elsewhere its time. A log of the system's own
// takes its place. Until this is called only errors and warnings are written.
void open_journal(Level most, bool journal, std::unique_ptr<platform::EventLog> log = nullptr);
void note(Level level, std::string_view line);

}  // namespace steward::app
