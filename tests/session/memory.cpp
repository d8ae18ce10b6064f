// What a session costs in memory, counted at operator new.
#include <gtest/gtest.h>
#include <malloc.h>

#include <cstdlib>
#include <new>

#include "tests/session/dialogue.h"

namespace {

std::size_t live = 0, peak = 0, allocations = 0;

void* counted(std::size_t size) {
    void* memory = std::malloc(size == 0 ? 1 : size);
    if (memory == nullptr) std::abort();
    live += malloc_usable_size(memory);
    peak = std::max(peak, live);
    ++allocations;
    return memory;
}

void release(void* memory) {
    if (memory != nullptr) live -= malloc_usable_size(memory);
    std::free(memory);
}

}  // namespace

void* operator new(std::size_t size) {
    return counted(size);
}
void* operator new[](std::size_t size) {
    return counted(size);
}
void operator delete(void* memory) noexcept {
    release(memory);
}
void operator delete[](void* memory) noexcept {
    release(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    release(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
    release(memory);
}

namespace steward::session {
namespace {

constexpr std::size_t object_size = 4u << 20;
constexpr std::size_t allowance = 2u << 20;

// Hands out one large value once, and forgets what it is given.
struct Warehouse final : tree::Executor {
    std::string stock;
    std::size_t received = 0;

    std::vector<tree::Answer> run(const tree::Context&, std::span<const tree::Operation> asked) override {
        std::vector<tree::Answer> answers(asked.size());
        for (std::size_t i = 0; i < asked.size(); ++i) {
            if (asked[i].data) received += asked[i].data->size();
            if (asked[i].verb != tree::Verb::get) continue;
            answers[i].found.push_back({asked[i].uri, csp::Format::chr, "text/plain", std::move(stock)});
        }
        return answers;
    }
    std::vector<tree::Answer> run_atomic(const tree::Context&, std::span<const tree::Operation> asked) override {
        return std::vector<tree::Answer>(asked.size());
    }
};

struct Posts {
    Dialogue words;  // only for its message texts
    Warehouse tree;
    Nonces nonces;
    Session session{words.settings, tree, nonces};

    Posts() { EXPECT_TRUE(session.open().send); }
    Step say(const std::string& commands, bool final, const std::string& header = {}) {
        Shape shape;
        shape.final = final;
        shape.header = header;
        const std::string text = words.message(commands, shape);
        return session.receive({200, "application/vnd.syncml.dm+xml", text, ""});
    }
};

constexpr char small_messages[] = "<Meta><MaxMsgSize xmlns=\"syncml:metinf\">16384</MaxMsgSize></Meta>";

TEST(SessionMemory, BIG_01_AnObjectComesInAtThePriceOfItself) {
    Posts server;
    const std::string part(12'000, 'v');
    const std::size_t before = live;
    peak = live;
    for (std::size_t at = 0; at < object_size; at += part.size()) {
        const std::size_t length = std::min(part.size(), object_size - at);
        const bool last = at + length == object_size;
        const std::string size = at == 0 ? std::to_string(object_size) : "";
        ASSERT_TRUE(server.say(piece("Replace", "5", "./Blob", size, part.substr(0, length), !last), last).send);
    }
    EXPECT_EQ(server.tree.received, object_size);
    EXPECT_LE(peak - before, object_size + allowance);
    EXPECT_LE(live, before + (64u << 10)) << "nothing of it is kept";
}

TEST(SessionMemory, BIG_06_AnObjectGoesOutAtThePriceOfItself) {
    Posts server;
    server.tree.stock.assign(object_size, 'v');
    const std::size_t before = live - object_size;
    peak = live;
    Step step = server.say(get("9", "./Blob"), true, small_messages);
    std::size_t messages = 1;
    while (step.send && step.send->body.find("<MoreData/>") != std::string::npos && messages < 1'000) {
        EXPECT_LE(step.send->body.size(), 16'384U);
        step = server.say(alert("3", "1222"), false);
        ++messages;
    }
    EXPECT_GE(messages, object_size / 16'384);
    EXPECT_LE(peak - before, object_size + allowance);
    step = {};
    EXPECT_LE(live, before + (64u << 10)) << "nothing of it is kept";
}

TEST(SessionMemory, BIG_09_CostGrowsWithTheCommandsAndNoFaster) {
    const auto cost = [](int count) {
        Posts server;
        std::string commands;
        for (int i = 0; i < count; ++i) {
            const std::string uri = "./Device/Vendor/MSFT/Policy/Config/Area/Setting" + std::to_string(i);
            commands += replace(std::to_string(i + 2), uri, "value");
        }
        const std::size_t allocations_before = allocations, live_before = live;
        peak = live;
        EXPECT_TRUE(server.say(commands, true).send);
        return std::pair{allocations - allocations_before, peak - live_before};
    };
    const auto [few, few_bytes] = cost(1'000);
    const auto [many, many_bytes] = cost(10'000);
    EXPECT_LE(many, 11 * few);
    EXPECT_LE(many_bytes, 2 * 10 * few_bytes) << "vectors grow by doubling, so up to half of one is spare";
    EXPECT_LE(few_bytes, 6u << 20);
}

}  // namespace
}  // namespace steward::session
