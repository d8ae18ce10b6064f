#include "tests/server/http.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace steward::server {
namespace {

using testing::HasSubstr;

// Hands out what was put in, a few bytes at a time, and keeps what was written.
struct Pipe final : Stream {
    std::string in, out;
    std::size_t piece = 7;
    Result<std::size_t> read(char* into, std::size_t capacity) override {
        const std::size_t size = std::min({piece, capacity, in.size()});
        in.copy(into, size);
        in.erase(0, size);
        return size;
    }
    Outcome write(std::string_view bytes) override {
        out += bytes;
        return {};
    }
};

Result<std::optional<Request>> read_one(const std::string& bytes, Limits limits = {}) {
    Pipe pipe;
    pipe.in = bytes;
    return RequestReader(pipe, limits).next();
}

TEST(Http, ReadsRequestsOneAfterTheOther) {
    Pipe pipe;
    pipe.in =
        "POST /a?mode=x HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabcPOST /b "
        "HTTP/1.1\r\ncontent-length:2\r\n\r\nde";
    RequestReader reader(pipe, {});
    auto first = reader.next();
    ASSERT_TRUE(first && *first) << first.error().what;
    EXPECT_EQ((*first)->target, "/a?mode=x");
    EXPECT_EQ((*first)->header("HOST"), "h");
    EXPECT_EQ((*first)->body, "abc");
    EXPECT_TRUE((*first)->keep_alive());
    auto second = reader.next();
    ASSERT_TRUE(second && *second);
    EXPECT_EQ((*second)->body, "de");
    auto end = reader.next();
    ASSERT_TRUE(end);
    EXPECT_FALSE(*end) << "the peer closed between two requests";
}

struct Bad {
    const char* name;
    std::string bytes;
    int status;
};
class HttpRefuses : public testing::TestWithParam<Bad> {};

TEST_P(HttpRefuses, WithAStatus) {
    Limits limits;
    limits.head = 200;
    limits.body = 100;
    const auto read = read_one(GetParam().bytes, limits);
    ASSERT_FALSE(read);
    EXPECT_EQ(refusal(read.error()), GetParam().status) << read.error().what;
    EXPECT_FALSE(read.error().what.empty());
}

const Bad bad[] = {
    {"no_request_line", "nonsense\r\n\r\n", 400},
    {"http_2", "POST / HTTP/2.0\r\n\r\n", 400},
    {"no_colon", "POST / HTTP/1.1\r\nHost h\r\n\r\n", 400},
    {"blank_in_name", "POST / HTTP/1.1\r\nCon tent: 1\r\n\r\n", 400},
    {"stray_return", "POST / HTTP/1.1\r\nHost: a\rb\r\n\r\n", 400},
    {"no_length", "POST / HTTP/1.1\r\nHost: h\r\n\r\nabc", 411},
    {"two_lengths", "POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400},
    {"negative_length", "POST / HTTP/1.1\r\nContent-Length: -3\r\n\r\nabc", 400},
    {"length_no_number", "POST / HTTP/1.1\r\nContent-Length: 3x\r\n\r\nabc", 400},
    {"huge_length", "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", 400},
    {"body_too_large", "POST / HTTP/1.1\r\nContent-Length: 101\r\n\r\n", 413},
    {"head_too_large", "POST / HTTP/1.1\r\nX: " + std::string(300, 'x') + "\r\n\r\n", 413},
    {"head_without_end", "POST / HTTP/1.1\r\nX: " + std::string(300, 'x'), 413},
    {"chunked", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", 501},
    {"cut_in_head", "POST / HTTP/1.1\r\nHo", 411},
    {"cut_in_body", "POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc", 411},
};
INSTANTIATE_TEST_SUITE_P(Requests, HttpRefuses, testing::ValuesIn(bad),
                         [](const auto& each) { return each.param.name; });

TEST(Http, ContinuesWhereTheClientWaits) {
    Pipe pipe;
    pipe.in = "POST / HTTP/1.1\r\nContent-Length: 50\r\nExpect: 100-continue\r\n\r\n" + std::string(50, 'x');
    pipe.piece = 64;
    const auto request = RequestReader(pipe, {}).next();
    ASSERT_TRUE(request && *request);
    EXPECT_EQ(pipe.out, "HTTP/1.1 100 Continue\r\n\r\n");
}

TEST(Http, KnowsWhenAConnectionStays) {
    const auto stays = [](const std::string& head) { return parse_head(head)->keep_alive(); };
    EXPECT_TRUE(stays("GET / HTTP/1.1"));
    EXPECT_FALSE(stays("GET / HTTP/1.1\r\nConnection: close"));
    EXPECT_FALSE(stays("GET / HTTP/1.0"));
    EXPECT_TRUE(stays("GET / HTTP/1.0\r\nConnection: Keep-Alive"));
}

TEST(Http, WritesResponsesAndTheirFaults) {
    Response response;
    response.content_type = "text/plain";
    response.headers.emplace_back("Retry-After", "120");
    response.body = "0123456789";
    Pipe right;
    ASSERT_TRUE(write(right, response, true));
    EXPECT_THAT(right.out, HasSubstr("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(right.out, HasSubstr("Content-Length: 10\r\n"));
    EXPECT_THAT(right.out, HasSubstr("Retry-After: 120\r\n"));
    EXPECT_THAT(right.out, testing::EndsWith("keep-alive\r\n\r\n0123456789"));

    response.length_error = 64;
    Pipe longer;
    ASSERT_TRUE(write(longer, response, false));
    EXPECT_THAT(longer.out, HasSubstr("Content-Length: 74\r\n"));

    response.length_error = 0;
    response.cut = 4;
    Pipe cut;
    ASSERT_TRUE(write(cut, response, false));
    EXPECT_THAT(cut.out, HasSubstr("Content-Length: 10\r\n"));
    EXPECT_THAT(cut.out, testing::EndsWith("\r\n\r\n0123"));
}

}  // namespace
}  // namespace steward::server
