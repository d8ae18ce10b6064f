// A peer that takes nothing any more, as one behind a network that the device has left.
#include <gtest/gtest.h>

#include "agent/transport/curl.h"
#include "agent/transport/retry.h"
#include "tests/transport/socket.h"

namespace steward::transport {
namespace {

TEST(DeadPeer, WhatNobodyTakesIsGivenUpLongBeforeTheWholeExchange) {
    int port = 0;
    const auto listener = test::listen_here(port);
    ASSERT_NE(listener, test::no_socket);
    Limits limits;
    limits.untaken = std::chrono::milliseconds(500);
    limits.total = std::chrono::seconds(30);
    constexpr std::size_t more_than_any_buffer = 64u << 20;
    const auto reply = CurlExchange({}, limits)
                           .post({"http://127.0.0.1:" + std::to_string(port) + "/dm",
                                  "text/xml",
                                  std::string(more_than_any_buffer, ' '),
                                  {}});
    test::close_socket(listener);
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().fault, Fault::io) << reply.error().what;
    EXPECT_TRUE(passing({reply.error().fault, 0, {}})) << "it is tried again, over a new connection";
}

}  // namespace
}  // namespace steward::transport
