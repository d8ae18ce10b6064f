// What was written is read back, by either encoding and across; and the same content is the same Message.
#include <gtest/gtest.h>

#include "agent/syncml/read.h"
#include "agent/syncml/wbxml.h"
#include "agent/syncml/write.h"
#include "tests/syncml/random_message.h"

namespace steward::syncml {
namespace {

constexpr std::uint32_t rounds = 2000;

TEST(RoundTrip, xml_gives_back_every_message) {
    for (std::uint32_t seed = 0; seed < rounds; ++seed) {
        const Message message = random_message(seed, {});
        const std::string xml = write_xml(message);
        const auto back = read_xml(xml);
        ASSERT_TRUE(back.ok()) << "seed " << seed << ": " << back.error().what << "\n" << xml;
        ASSERT_EQ(*back, message) << "seed " << seed << "\n" << xml;
        ASSERT_EQ(write_xml(*back), xml) << "seed " << seed;
    }
}

TEST(RoundTrip, wbxml_gives_back_every_message) {
    for (std::uint32_t seed = 0; seed < rounds; ++seed) {
        const Message message = random_message(seed, {.microsoft = false, .unknown = false});
        const std::string bytes = write_wbxml(message);
        const auto back = read_wbxml(bytes);
        ASSERT_TRUE(back.ok()) << "seed " << seed << ": " << back.error().what;
        ASSERT_EQ(*back, message) << "seed " << seed << "\n" << write_xml(message);
        ASSERT_EQ(write_wbxml(*back), bytes) << "seed " << seed;
    }
}

TEST(RoundTrip, F19_xml_and_wbxml_give_the_same_message) {
    for (std::uint32_t seed = rounds; seed < 2 * rounds; ++seed) {
        const Message message = random_message(seed, {.microsoft = false, .unknown = false});
        const auto of_xml = read_xml(write_xml(message));
        ASSERT_TRUE(of_xml.ok());
        const auto of_wbxml = read_wbxml(write_wbxml(*of_xml));
        ASSERT_TRUE(of_wbxml.ok());
        ASSERT_EQ(*of_xml, *of_wbxml) << "seed " << seed;
        ASSERT_EQ(write_xml(*of_wbxml), write_xml(message)) << "seed " << seed;
    }
}

TEST(RoundTrip, the_generator_is_worth_its_name) {
    std::size_t children = 0, refs = 0, errors = 0;
    for (std::uint32_t seed = 0; seed < rounds; ++seed) {
        const Message message = random_message(seed, {});
        for (const Command& command : message.commands) {
            children += command.children.size();
            refs += command.get().target_refs.size();
            if (!command.get().original_error.empty()) ++errors;
        }
    }
    EXPECT_GT(children, 100u);
    EXPECT_GT(refs, 100u);
    EXPECT_GT(errors, 100u);
}

}  // namespace
}  // namespace steward::syncml
