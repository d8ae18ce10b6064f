#include "platform/board_text.h"

#include <algorithm>
#include <array>

#include "platform/base/text.h"

namespace steward::platform {
namespace {

constexpr std::array<std::string_view, 12> fillers = {"to be filled by o.e.m.",
                                                      "system product name",
                                                      "system manufacturer",
                                                      "system version",
                                                      "system serial number",
                                                      "default string",
                                                      "not specified",
                                                      "not applicable",
                                                      "none",
                                                      "o.e.m.",
                                                      "oem",
                                                      "0"};

}  // namespace

bool says_nothing(std::string_view board_text) {
    return std::any_of(fillers.begin(), fillers.end(),
                       [&](std::string_view filler) { return same_ignoring_case(board_text, filler); });
}

}  // namespace steward::platform
