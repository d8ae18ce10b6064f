#include "agent/notify/channel.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>

#include "platform/base/mailbox.h"

namespace steward::notify {
namespace {

using std::chrono::seconds;

// A push server in this process: plays one script per connection, then keeps the line open until told to stop.
struct PushServer {
    struct Visit {
        int status = 200;
        std::string content_type = "text/event-stream";
        std::vector<std::string> pieces;
        bool stays = false;  // open until we stop; otherwise the server ends the stream
        std::optional<Error> error;
    };
    std::mutex mutex;
    std::vector<Visit> visits;
    std::vector<transport::Request> requests;
    Mailbox<std::string> heard;  // "nudged corp", "status 0"

    struct Line final : transport::Stream {
        PushServer& server;
        std::stop_token stop;
        Line(PushServer& to, std::stop_token token) : server(to), stop(std::move(token)) {}
        Outcome listen(const transport::Request& request, const transport::Listener& listener) override {
            Visit visit;
            {
                const std::lock_guard lock(server.mutex);
                server.requests.push_back(request);
                visit.stays = true;
                if (!server.visits.empty()) {
                    visit = server.visits.front();
                    server.visits.erase(server.visits.begin());
                }
            }
            if (visit.error) return *visit.error;
            transport::Reply head;
            head.status = visit.status;
            head.content_type = visit.content_type;
            if (!listener.opened(head)) return {};
            for (const auto& piece : visit.pieces) {
                if (!listener.data(piece)) return {};
            }
            if (!visit.stays) return {};
            std::mutex own;
            std::unique_lock lock(own);
            std::condition_variable_any over;
            over.wait(lock, stop, [] { return false; });
            return Error{Fault::interrupted, "stopped", {}};
        }
    };
    Channel::Connect connect = [this](const transport::Trust&, std::stop_token stop) {
        return std::make_unique<Line>(*this, std::move(stop));
    };
    Channel::Ears ears{[this](const std::string& account) { heard.post("nudged " + account); },
                       [this](const std::string&, ChannelStatus status) {
                           heard.post("status " + std::to_string(static_cast<int>(status)));
                       }};

    std::string next() { return heard.take(SystemClock{}.now() + seconds(30)).value_or("nothing"); }
    std::string header(std::size_t request, const std::string& name) {
        const std::lock_guard lock(mutex);
        for (const auto& [each, value] : requests.at(request).headers) {
            if (each == name) return value;
        }
        return {};
    }
};

Subscription corp() {
    return {"corp", "https://push.example/sub/x", "Bearer t0ken", {}};
}

TEST(Channel, AnEventIsANudgeAndTheChannelSaysThatItWorks) {
    PushServer server;
    server.visits.push_back(
        {200, "text/event-stream; charset=utf-8", {": hi\n\n", "id: 5\ndata: any", "thing\n\n"}, true, {}});
    Channel channel(corp(), server.connect, server.ears);
    EXPECT_EQ(server.next(), "status 0");
    EXPECT_EQ(server.next(), "nudged corp");
    EXPECT_TRUE(channel.works());
    EXPECT_EQ(server.header(0, "Authorization"), "Bearer t0ken");
    EXPECT_EQ(server.header(0, "Accept"), "text/event-stream");
}

TEST(Channel, AfterABreakItComesBackWithTheLastEventId) {
    PushServer server;
    server.visits.push_back({200, "text/event-stream", {"retry: 100\nid: 5:1\ndata\n\n"}, false, {}});
    server.visits.push_back({200, "text/event-stream", {"id: 6:0\ndata\n\n"}, true, {}});
    const Channel channel(corp(), server.connect, server.ears);
    EXPECT_EQ(server.next(), "status 0");
    EXPECT_EQ(server.next(), "nudged corp");
    EXPECT_EQ(server.next(), "nudged corp");
    EXPECT_EQ(server.header(0, "Last-Event-ID"), "");
    EXPECT_EQ(server.header(1, "Last-Event-ID"), "5:1");
}

TEST(Channel, WhereTheServerKeepsNoIdsAReturnIsANudge) {
    PushServer server;
    server.visits.push_back({200, "text/event-stream", {"retry: 100\n\n"}, false, {}});
    const Channel channel(corp(), server.connect, server.ears);
    EXPECT_EQ(server.next(), "status 0");
    EXPECT_EQ(server.next(), "nudged corp") << "something may have been missed";
}

TEST(Channel, EachRefusalHasItsStatus) {
    const std::pair<PushServer::Visit, std::string> cases[] = {
        {{401, "text/plain", {}, false, {}}, "status 3"},
        {{403, "text/plain", {}, false, {}}, "status 3"},
        {{404, "text/plain", {}, false, {}}, "status 5"},
        {{410, "text/plain", {}, false, {}}, "status 5"},
        {{503, "text/plain", {}, false, {}}, "status 4"},
        {{200, "text/html", {}, false, {}}, "status 1"},
        {{0, "", {}, false, Error{Fault::io, "no connection", {}}}, "status 4"},
        {{0, "", {}, false, Error{Fault::denied, "unknown authority", {}}}, "status 3"},
        {{0, "", {}, false, Error{Fault::malformed, "no address", {}}}, "status 1"},
    };
    for (const auto& [visit, status] : cases) {
        PushServer server;
        server.visits.push_back(visit);
        const Channel channel(corp(), server.connect, server.ears);
        EXPECT_EQ(server.next(), status) << visit.status;
        EXPECT_FALSE(channel.works());
    }
}

TEST(Channel, AStreamThatNeverEndsALineIsGivenUp) {
    PushServer server;
    server.visits.push_back({200, "text/event-stream", {std::string(100'000, 'x')}, true, {}});
    const Channel channel(corp(), server.connect, server.ears);
    EXPECT_EQ(server.next(), "status 0");
    EXPECT_EQ(server.next(), "nudged corp") << "it was begun anew";
}

TEST(Channels, AreKeptAsTheAccountsAre) {
    PushServer server;
    Channels channels(server.connect, server.ears);
    channels.keep({corp()});
    EXPECT_EQ(server.next(), "status 0");
    EXPECT_TRUE(channels.works("corp"));
    EXPECT_FALSE(channels.works("other"));
    channels.keep({corp()});
    auto changed = corp();
    changed.authorization = "Bearer new";
    channels.keep({changed});
    EXPECT_EQ(server.next(), "status 0");
    {
        const std::lock_guard lock(server.mutex);
        EXPECT_EQ(server.requests.size(), 2u) << "what did not change was left alone";
    }
    channels.keep({});
    EXPECT_FALSE(channels.works("corp"));
}

}  // namespace
}  // namespace steward::notify
