// A promise that a fuzz target checks on every input. Breaking it must stop the program in every build type.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "platform/base/result.h"

namespace steward::fuzz {

inline void expect(bool promise, std::string_view what) {
    if (promise) return;
    std::fprintf(stderr, "broken promise: %.*s\n", static_cast<int>(what.size()), what.data());
    std::abort();
}

// An error must name its reason.
inline void expect_reason(const Error& error) {
    expect(!error.what.empty() && error.fault != Fault::bug, "an error gives its reason");
}

}  // namespace steward::fuzz
