#include "agent/app/journal.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <mutex>
#include <string>

namespace steward::app {
namespace {

spdlog::level::level_enum level_of(Level level) {
    switch (level) {
        case Level::error:
            return spdlog::level::err;
        case Level::warning:
            return spdlog::level::warn;
        case Level::info:
            return spdlog::level::info;
        case Level::debug:
            return spdlog::level::debug;
    }
    return spdlog::level::info;
}

const char* priority_of(Level level) {  // of sd-daemon(3)
    switch (level) {
        case Level::error:
            return "<3>";
        case Level::warning:
            return "<4>";
        case Level::info:
            return "<6>";
        case Level::debug:
            return "<7>";
    }
    return "<6>";
}

platform::Weight weight_of(Level level) {
    if (level == Level::error) return platform::Weight::error;
    return level == Level::warning ? platform::Weight::warning : platform::Weight::info;
}

struct Journal {
    spdlog::logger logger{"steward", std::make_shared<spdlog::sinks::stderr_sink_mt>()};
    bool priorities = false;
    std::unique_ptr<platform::EventLog> log;
    Journal() {
        logger.set_level(spdlog::level::warn);
        logger.set_pattern("%Y-%m-%dT%H:%M:%S%z %l: %v");
    }
};

Journal& journal() {
    static Journal one;
    return one;
}

}  // namespace

void open_journal(Level most, bool is_journal, std::unique_ptr<platform::EventLog> log) {
    auto& open = journal();
    open.logger.set_level(level_of(most));
    open.priorities = is_journal;
    open.log = std::move(log);
    if (is_journal) open.logger.set_pattern("%v");
}

void note(Level level, std::string_view line) {
    auto& open = journal();
    if (open.log) {
        if (open.logger.should_log(level_of(level))) open.log->write(weight_of(level), line);
    } else if (open.priorities) {
        open.logger.log(level_of(level), "{}{}", priority_of(level), line);
    } else {
        open.logger.log(level_of(level), "{}", line);
    }
}

}  // namespace steward::app
