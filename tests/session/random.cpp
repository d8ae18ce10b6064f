// Any message gets exactly one Status for each command, in order, and the tree ends as the commands say.
#include <gmock/gmock.h>

#include <random>

#include "tests/session/dialogue.h"

namespace steward::session {
namespace {

using testing::ElementsAreArray;

class Generator {
  public:
    explicit Generator(unsigned seed) : random_(seed) {}

    // Commands as text; the CmdIDs that must be answered, in order, are added to ids.
    std::string commands(std::size_t count, std::vector<std::string>& ids, int depth = 0) {
        std::string text;
        for (std::size_t i = 0; i < count; ++i) text += one(ids, depth);
        return text;
    }

    std::size_t below(std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_); }

  private:
    std::string uri() {
        static const char* const names[] = {"A", "B", "C", "D/E", "secret", "fixed", "slow", "full", "missing"};
        return std::string("./") + names[below(std::size(names))];
    }

    std::string items(bool with_data) {
        std::string text;
        for (std::size_t n = below(8) == 0 ? below(4) : 1; n > 0; --n) {
            text += with_data ? item(uri(), std::to_string(below(100))) : item(uri());
        }
        return text;
    }

    std::string one(std::vector<std::string>& ids, int depth) {
        const std::string id = "id" + std::to_string(next_++);
        const std::size_t kind = below(depth < 4 ? 12 : 10);
        ids.push_back(id);
        switch (kind) {
            case 0:
                return command("Exec", id, items(false));
            case 1:
                return command("Copy", id, items(false));
            case 2:
                return command("Delete", id, items(false));
            case 3:
            case 4:
                return command("Get", id, items(false));
            case 5:
                return command("Add", id, items(true));
            case 6:
            case 7:
                return command("Replace", id, items(true));
            case 8:
                return alert(id, below(2) == 0 ? "1222" : "1101");
            case 9:
                return command(below(2) == 0 ? "Gibberish" : "Search", id, "");
            case 10:
                return command("Atomic", id, commands(below(5), ids, depth + 1));
            default:
                return command("Sequence", id, commands(below(5), ids, depth + 1));
        }
    }

    std::mt19937 random_;
    std::size_t next_ = 1;
};

// The answered CmdIDs, each once: the Items of one command stand next to each other.
void add_answered(const syncml::Message& message, std::vector<std::string>& answered) {
    for (const auto& command : message.commands) {
        const std::string& ref = command.get().cmd_ref;
        if (command.name != syncml::Name::status || !ref.starts_with("id")) continue;
        if (answered.empty() || answered.back() != ref) answered.push_back(ref);
    }
}

TEST(SessionRandom, STA_02_03_ExactlyOneStatusForEveryCommandInOrder) {
    for (unsigned seed = 0; seed < 300; ++seed) {
        SCOPED_TRACE(seed);
        Generator generator(seed);
        Dialogue one;
        one.model.nodes["./A"].data = "x";
        one.model.nodes["./fixed"].data = "x";
        one.model.nodes["./slow"].data = "x";
        one.open();
        Shape shape;
        const std::size_t limit = seed % 3 == 0 ? 2048 : 1u << 20;
        if (seed % 3 == 0) shape.header = "<Meta><MaxMsgSize xmlns=\"syncml:metinf\">2048</MaxMsgSize></Meta>";
        for (int round = 0; round < 3; ++round) {
            std::vector<std::string> expected, answered;
            const std::string commands = generator.commands(1 + generator.below(40), expected);
            one.say(commands, shape);
            for (int part = 0; part < 200 && one.step.send; ++part) {
                EXPECT_LE(one.body.size(), limit);
                add_answered(one.sent, answered);
                if (one.sent.final) break;
                Shape next;
                next.final = false;
                one.say(alert("next", "1222"), next);
            }
            ASSERT_THAT(answered, ElementsAreArray(expected));
            ASSERT_TRUE(one.sent.final);
        }
    }
}

TEST(SessionRandom, TheTreeEndsAsTheCommandsSay) {
    for (unsigned seed = 1000; seed < 1100; ++seed) {
        SCOPED_TRACE(seed);
        std::mt19937 random(seed);
        const auto below = [&](unsigned limit) { return static_cast<unsigned>(random() % limit); };
        std::map<std::string, std::string> expected;
        Dialogue one;
        one.open();
        std::string commands;
        for (int i = 0; i < 60; ++i) {
            // An Atomic of up to three changes that all apply or, with a refused one among them, none.
            const bool atomic = below(4) == 0, spoiled = atomic && below(2) == 0;
            auto after = expected;
            std::string children;
            const unsigned count = atomic ? 1 + below(3) : 1;
            for (unsigned k = 0; k < count; ++k) {
                const std::string uri = "./N" + std::to_string(below(6));
                const std::string value = std::to_string(random());
                const std::string id = std::to_string(10 * i + static_cast<int>(k) + 100);
                if (below(3) == 0 && after.contains(uri)) {
                    children += erase(id, uri);
                    after.erase(uri);
                } else {
                    children += replace(id, uri, value);
                    after[uri] = value;
                }
            }
            if (spoiled) children += replace("99", "./secret", "1");
            commands += atomic ? command("Atomic", std::to_string(10 * i + 1000), children) : children;
            if (!spoiled) expected = after;
        }
        one.say(commands);
        std::map<std::string, std::string> actual;
        for (const auto& [uri, node] : one.model.nodes) actual[uri] = node.data;
        ASSERT_EQ(actual, expected);
    }
}

}  // namespace
}  // namespace steward::session
