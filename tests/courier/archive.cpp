#include "agent/courier/archive.h"

#include <gtest/gtest.h>

#include <random>

#include "agent/courier/forms.h"

namespace steward::courier {
namespace {

template <class T>
T there_and_back(const T& one) {
    T other{};
    const std::string bytes = packed(one);
    Unpacker whole(bytes);
    whole(other);
    EXPECT_TRUE(whole.whole());
    EXPECT_EQ(packed(other), bytes);
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        T cut{};
        Unpacker shorter(std::string_view(bytes).substr(0, length));
        shorter(cut);
        EXPECT_FALSE(shorter.whole()) << length << " of " << bytes.size();
    }
    return other;
}

TEST(Archive, WhatCrossesBetweenTheProcessesArrivesAsItWas) {
    tree::Operation operation{tree::Verb::copy, "./a?list=TNDS", "./b", "chr", "text/plain", std::string("\0\xFF", 2)};
    const auto same = there_and_back(std::vector<tree::Operation>{operation, {}});
    ASSERT_EQ(same.size(), 2u);
    EXPECT_EQ(same[0].data, operation.data);
    EXPECT_EQ(same[1].data, std::nullopt);

    tree::Answer answer{
        tree::Answer::State::failed, {Fault::bug, "what", "seen"}, {{"./x", csp::Format::real, "t", ""}}};
    answer.found.push_back({"./y", csp::Format::node, {}, std::nullopt});
    const auto answers = there_and_back(std::vector<tree::Answer>{answer});
    EXPECT_EQ(answers[0].found.size(), 2u);
    EXPECT_EQ(answers[0].error.evidence, "seen");

    transport::Reply reply;
    reply.status = -7;
    reply.retry_after = std::chrono::seconds(9);
    reply.chain_end = transport::ChainEnd{"CN=a", Instant(std::chrono::seconds(5)), Instant::max()};
    const auto other = there_and_back(reply);
    EXPECT_EQ(other.status, -7);
    EXPECT_EQ(other.chain_end->not_after, Instant::max());

    Brief brief;
    brief.settings.max_messages = 42;
    brief.settings.client = {session::Auth::mac, "n", "s", std::string(16, '\0'), true};
    brief.settings.encoding = session::Encoding::wbxml;
    brief.alerts.push_back({1224, "type", "chr", "critical", "./s", "c", "d"});
    brief.retry.emplace().attempts = -1;
    const auto copy = there_and_back(brief);
    EXPECT_EQ(copy.settings.max_messages, 42u);
    EXPECT_EQ(copy.retry->attempts, -1);
    EXPECT_EQ(copy.alerts.front().code, 1224);

    Course course;
    course.end = session::End::left;
    course.failure.emplace().fault = Fault::denied;
    course.alert_answers = {200, 0, 406};
    EXPECT_EQ(there_and_back(course).alert_answers, course.alert_answers);
}

TEST(Archive, BytesThatNobodyPackedAreRefusedAndCostNothing) {
    std::mt19937 random(7);
    for (int i = 0; i < 20'000; ++i) {
        std::string bytes(random() % 200, '\0');
        for (char& byte : bytes) byte = static_cast<char>(random() % 4 == 0 ? random() : random() % 3);
        std::vector<tree::Operation> operations;
        Unpacker first(bytes);
        first(operations);
        EXPECT_LE(operations.size(), bytes.size());
        Course course;
        Unpacker second(bytes);
        second(course);
    }
    // A list that is said to be endless.
    std::vector<std::string> texts;
    Unpacker endless(std::string_view("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F", 8));
    endless(texts);
    EXPECT_FALSE(endless.ok());
    EXPECT_TRUE(texts.empty());
    // No value of the enumeration.
    Fault fault = Fault::io;
    Unpacker unknown(std::string_view("\xFF\0\0\0\0\0\0\0", 8));
    unknown(fault);
    EXPECT_FALSE(unknown.ok());
    EXPECT_EQ(fault, Fault::io);
}

}  // namespace
}  // namespace steward::courier
