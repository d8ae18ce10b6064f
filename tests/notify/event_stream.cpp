#include "agent/notify/event_stream.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace steward::notify {
namespace {

struct Heard {
    std::vector<std::string> events;
    EventStream stream{[this](const StreamEvent& event) { events.push_back(event.type + "=" + event.data); }};
};

using Events = std::vector<std::string>;

TEST(EventStream, EventsComeOutOfPiecesOfAnySize) {
    const std::string bytes =
        "\xEF\xBB\xBF: welcome\r\n\r\nid: 1:0\ndata: wake\n\nevent: nudge\rdata:two\rdata: lines\r\rdata\n\nretry: "
        "2500\n";
    for (std::size_t piece = 1; piece < bytes.size(); ++piece) {
        Heard heard;
        for (std::size_t at = 0; at < bytes.size(); at += piece)
            ASSERT_TRUE(heard.stream.feed(bytes.substr(at, piece)));
        EXPECT_EQ(heard.events, (Events{"message=wake", "nudge=two\nlines", "message="})) << piece;
        EXPECT_EQ(heard.stream.last_id(), "1:0");
        EXPECT_EQ(heard.stream.retry(), std::chrono::milliseconds(2500));
    }
}

TEST(EventStream, AnIncompleteEventIsNoEvent) {
    Heard heard;
    ASSERT_TRUE(heard.stream.feed("id: 9\ndata: half\n"));
    EXPECT_TRUE(heard.events.empty());
    EXPECT_EQ(heard.stream.last_id(), "") << "an id counts with its event";
}

TEST(EventStream, OddFieldsAreIgnored) {
    Heard heard;
    ASSERT_TRUE(heard.stream.feed(": ping\nunknown: x\nretry: -5\nretry: soon\nevent: only\n\n"));
    EXPECT_TRUE(heard.events.empty());
    EXPECT_FALSE(heard.stream.retry());
    ASSERT_TRUE(heard.stream.feed("data: x\n\n"));
    EXPECT_EQ(heard.events, (Events{"message=x"})) << "the type of an event without data is forgotten";
    ASSERT_TRUE(heard.stream.feed("retry: 99999999999999999999\nretry: 999999999999\nid: " +
                                  std::string(EventStream::longest_id + 1, 'x') + "\ndata: y\n\n"));
    EXPECT_EQ(heard.stream.retry(), std::chrono::hours(24));
    EXPECT_EQ(heard.stream.last_id(), "");
}

TEST(EventStream, AHostileServerCannotFillTheMemory) {
    Heard line;
    EXPECT_FALSE(line.stream.feed(std::string(EventStream::longest_line + 1, 'x')));
    Heard event;
    bool fine = true;
    for (int i = 0; i < 10000 && fine; ++i) fine = event.stream.feed("data: " + std::string(1000, 'x') + "\n");
    EXPECT_FALSE(fine);
    EXPECT_TRUE(event.events.empty());
}

}  // namespace
}  // namespace steward::notify
