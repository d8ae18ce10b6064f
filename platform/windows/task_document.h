// Tasks as the documents that Windows' scheduler takes. Source: Task Scheduler Schema.
#pragma once

#include <string>
#include <string_view>

namespace steward::platform {

struct Task {
    std::string about;
    std::string trigger;  // an element of the schema
    std::string command, arguments;
    bool made_up_for = false;  // at the next start, when the device was off at its time
};

// It runs as the system, on battery too.
std::string task_document(const Task& task);

std::string task_element(std::string_view name, std::string_view content);
std::string time_trigger(const std::string& begin);  // once, at "2026-11-24T09:55:00Z"

}  // namespace steward::platform
