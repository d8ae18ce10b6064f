#include "agent/syncml/escape.h"

#include <gtest/gtest.h>

#include <cctype>
#include <string>

#include "agent/syncml/output.h"

namespace steward::syncml {
namespace {

std::string escaped(std::string_view text) {
    std::string out;
    append_escaped(out, text);
    return out;
}

// The quick look goes block by block: every byte at every place of a block, and behind it.
TEST(Escape, the_quick_look_never_passes_what_must_be_escaped) {
    for (std::size_t length = 1; length <= 40; ++length) {
        for (std::size_t at = 0; at < length; ++at) {
            for (unsigned byte = 0; byte < 256; ++byte) {
                std::string text(length, 'x'), copy(length, '?');
                text[at] = static_cast<char>(byte);
                const std::string slow = escaped(text);
                const bool plain = is_plain(text);
                ASSERT_TRUE(!plain || slow == text) << byte << " at " << at << " of " << length;
                ASSERT_TRUE(plain || std::isalnum(static_cast<int>(byte)) == 0) << byte << " at " << at;
                const char* const end = copy_plain(copy.data(), text);
                ASSERT_EQ(end != nullptr, plain) << byte << " at " << at << " of " << length;
                ASSERT_TRUE(!plain || copy == text) << byte << " at " << at << " of " << length;
                ASSERT_EQ(escaped_size(text), slow.size());
            }
        }
    }
}

TEST(Escape, an_Output_gets_what_a_string_gets) {
    Output out;
    std::string expected;
    for (int i = 0; i < 1000; ++i) {
        const std::string text = std::string(static_cast<std::size_t>(i % 50), 'x') + "<&>\xC3\xBC\xFF\"\n";
        append_escaped(out, text);
        append_escaped(expected, text);
        append_escaped_attribute(out, text);
        append_escaped_attribute(expected, text);
        out += 'c';
        expected += 'c';
    }
    EXPECT_EQ(out.size(), expected.size());
    EXPECT_EQ(out.take(), expected);
}

}  // namespace
}  // namespace steward::syncml
