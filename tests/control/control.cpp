#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <future>

#include "agent/control/client.h"
#include "agent/control/server.h"
#include "platform/endpoint.h"
#include "platform/places.h"
#include "tests/support/temporary_directory.h"

namespace steward::control {
namespace {

using std::chrono::seconds;

TEST(ControlRequest, WordsComeBackInPiecesOfAnySize) {
    const auto bytes = encode(std::vector<std::string>{"sync", "an account", "\xC3\xA4"});
    ASSERT_TRUE(bytes);
    for (std::size_t piece = 1; piece <= bytes->size(); ++piece) {
        RequestReader reader;
        std::optional<std::vector<std::string>> words;
        for (std::size_t at = 0; at < bytes->size(); at += piece) {
            auto fed = reader.feed(std::string_view(*bytes).substr(at, piece));
            ASSERT_TRUE(fed);
            if (*fed) words = std::move(*fed);
        }
        ASSERT_TRUE(words) << piece;
        EXPECT_EQ(*words, (std::vector<std::string>{"sync", "an account", "\xC3\xA4"}));
    }
}

TEST(ControlRequest, HostileOnesAreRefused) {
    EXPECT_FALSE(RequestReader().feed("\n"));
    EXPECT_FALSE(RequestReader().feed(std::string(longest_line + 1, 'x')));
    EXPECT_FALSE(RequestReader().feed("a\tb\n"));
    std::string many;
    for (std::size_t i = 0; i <= most_words; ++i) many += "w\n";
    EXPECT_FALSE(RequestReader().feed(many));
    EXPECT_FALSE(encode(std::vector<std::string>{"two\nlines"}));
    EXPECT_FALSE(encode(std::vector<std::string>{""}));
}

TEST(ControlRequest, LinesOfAnAnswerComeBack) {
    EXPECT_EQ(encode(Line{Line::Kind::out, "a\nb\n", 0}), "out a\nout b\n");
    EXPECT_EQ(encode(Line{Line::Kind::out, "", 0}), "");
    EXPECT_EQ(decode("err no")->text, "no");
    EXPECT_EQ(decode("exit 4")->code, 4);
    for (const char* bad : {"", "exit", "exit -1", "exit 256", "exit x", "out"}) EXPECT_FALSE(decode(bad)) << bad;
}

struct ControlSocket : testing::Test {
    test::TemporaryDirectory scratch;
    std::string path = platform::control_place(scratch.path());

    std::unique_ptr<Server> serve(Server::Handler handler) {
        auto endpoint = platform::listen_at(path, seconds(20));
        EXPECT_TRUE(endpoint);
        return std::make_unique<Server>(std::move(*endpoint), std::move(handler));
    }
    Result<int> ask_for(const std::vector<std::string>& words, std::string* heard = nullptr) {
        auto connection = platform::connect_to(path, seconds(20));
        if (!connection) return connection.error();
        return ask(**connection, words, [&](const Line& line) {
            if (heard != nullptr) *heard += (line.kind == Line::Kind::err ? "!" : "") + line.text + "|";
        });
    }
};

TEST_F(ControlSocket, AnswersWithBothStreamsAndAnExitCodeAndKnowsWhoAsks) {
    const auto server = serve([](const auto& words, const platform::Visitor& visitor, Answer& answer) {
        answer.out(words.at(0) + " by " + (visitor.administrator ? "administrator" : "somebody"));
        answer.err("careful");
        return 3;
    });
    std::string heard;
    const auto code = ask_for({"status"}, &heard);
    ASSERT_TRUE(code);
    EXPECT_EQ(*code, 3);
    EXPECT_EQ(heard, "status by administrator|!careful|");
}

TEST_F(ControlSocket, ManyVisitorsAtOnceDoNotHinderEachOther) {
    const auto server = serve([](const auto& words, const auto&, Answer& answer) {
        answer.out(words.at(0));
        return 0;
    });
    std::vector<std::future<std::string>> asked;
    for (int i = 0; i < 8; ++i) {
        asked.push_back(std::async(std::launch::async, [this, i] {
            std::string heard;
            (void)ask_for({"n" + std::to_string(i)}, &heard);
            return heard;
        }));
    }
    for (int i = 0; i < 8; ++i) EXPECT_EQ(asked[static_cast<std::size_t>(i)].get(), "n" + std::to_string(i) + "|");
}

TEST_F(ControlSocket, AVisitorWhoGoesAwayDisturbsNobody) {
    std::promise<void> begun, go_on;
    auto proceed = go_on.get_future().share();
    const auto server = serve([&](const auto& words, const auto&, Answer& answer) {
        if (words.at(0) == "slow") {
            begun.set_value();
            proceed.wait();
            for (int i = 0; i < 1000; ++i) answer.out(std::string(1000, 'x'));
        }
        return 0;
    });
    {
        auto connection = platform::connect_to(path, seconds(20));
        ASSERT_TRUE((*connection)->write("slow\n\n"));
        begun.get_future().wait();
    }
    go_on.set_value();
    EXPECT_EQ(*ask_for({"quick"}), 0);
}

TEST_F(ControlSocket, GarbageIsAnsweredWithASentence) {
    const auto server = serve([](const auto&, const auto&, Answer&) { return 0; });
    auto connection = platform::connect_to(path, seconds(20));
    ASSERT_TRUE((*connection)->write("\x01\x02\n\n"));
    EXPECT_NE((*connection)->read(100)->find("control characters"), std::string::npos);
}

TEST_F(ControlSocket, TheServiceEndsWhileSomebodyIsThereWhoSaysNothing) {
    auto server = serve([](const auto&, const auto&, Answer&) { return 0; });
    auto connection = platform::connect_to(path, seconds(20));
    ASSERT_TRUE(connection);
    server.reset();  // must return
    EXPECT_FALSE(std::filesystem::exists(path));
    EXPECT_EQ(platform::connect_to(path, seconds(1)).error().fault, Fault::not_found);
}

TEST_F(ControlSocket, ASecondServiceIsRefusedAndASocketLeftBehindIsReplaced) {
    auto server = serve([](const auto&, const auto&, Answer&) { return 0; });
    EXPECT_EQ(platform::listen_at(path, seconds(1)).error().fault, Fault::busy);
    server.reset();
    { std::ofstream left(path); }
    EXPECT_TRUE(platform::listen_at(path, seconds(1)));
}

}  // namespace
}  // namespace steward::control
