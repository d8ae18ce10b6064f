#include "agent/session/status.h"

#include <gtest/gtest.h>

namespace steward::session {
namespace {

TEST(Status, EveryFaultHasACodeAndAnHresult) {
    for (int fault = 0; fault <= static_cast<int>(Fault::bug); ++fault) {
        const auto one = static_cast<Fault>(fault);
        EXPECT_FALSE(succeeded(status_of(one))) << fault;
        EXPECT_EQ(original_error_of(one).substr(0, 3), "0x8") << fault;
        EXPECT_EQ(original_error_of(one).size(), 10U) << fault;
    }
    EXPECT_EQ(text_of(status_of(Fault::not_found)), "404");
    EXPECT_EQ(text_of(status_of(Fault::invalid)), "500");
    EXPECT_EQ(text_of(status_of(Fault::exists)), "418");
}

TEST(Status, WhatSaysNotYetAppliedIsNoSuccess) {
    for (const char* text : {"200", "201", "202", "204", "211", "212", "299"})
        EXPECT_TRUE(succeeded(status_from(text)));
    for (const char* text : {"101", "213", "214", "215", "216", "304", "404", "507", "", "x", "20", "2000", "-200"}) {
        EXPECT_FALSE(succeeded(status_from(text))) << text;
    }
}

}  // namespace
}  // namespace steward::session
