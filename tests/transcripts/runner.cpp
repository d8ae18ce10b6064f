// Plays every *.transcript of this folder against the real session and the real tree on a test device. A test is named
// by the id of its transcript, which is the name of its file.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "agent/store/actions.h"
#include "agent/store/policies.h"
#include "agent/tree/tree.h"
#include "platform/base/clock.h"
#include "tests/support/rehearsal.h"
#include "tests/support/test_device.h"
#include "tests/support/transcript.h"

namespace steward::transcript {
namespace {

std::vector<std::string> transcript_files() {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(STEWARD_SOURCE_DIR "/tests/transcripts")) {
        if (entry.path().extension() == ".transcript") files.push_back(entry.path().string());
    }
    std::sort(files.begin(), files.end());
    return files;
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
    std::string name = std::filesystem::path(info.param).stem().string();
    std::replace_if(
        name.begin(), name.end(), [](char c) { return c == '-' || c == '.'; }, '_');
    return name;
}

class Plays : public testing::TestWithParam<std::string> {};

TEST_P(Plays, Through) {
    auto transcript = load(GetParam());
    ASSERT_TRUE(transcript) << transcript.error().what << '\n' << transcript.error().evidence;
    EXPECT_EQ(transcript->id, std::filesystem::path(GetParam()).stem().string()) << "the file is named by its id";

    FixedClock clock;
    test::Device device;
    store::Policies policies(clock);
    store::Actions actions(clock);
    tree::Tree tree(device.csps(), policies, actions);
    const auto rehearsal = rehearse(std::make_shared<const Transcript>(std::move(*transcript)), tree);
    ASSERT_TRUE(rehearsal) << rehearsal.error().what;
    EXPECT_TRUE(std::any_of(rehearsal->findings.begin(), rehearsal->findings.end(), [](const Finding& finding) {
        return finding.passed;
    })) << "a transcript that expects nothing proves nothing";
    constexpr std::size_t shown = 20'000;
    EXPECT_TRUE(rehearsal->passed()) << rehearsal->failures() << '\n' << rehearsal->trace.substr(0, shown);
}

INSTANTIATE_TEST_SUITE_P(Transcript, Plays, testing::ValuesIn(transcript_files()), test_name);

}  // namespace
}  // namespace steward::transcript
