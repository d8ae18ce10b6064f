// Our CSPs against the published ones: every difference is explained in differences.md, and every explanation is of a
// difference that exists.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>

#include "csp/contents.h"
#include "tests/facts/facts.h"
#include "tests/support/memory_host.h"

namespace steward::facts {
namespace {

const std::string folder = std::string(STEWARD_SOURCE_DIR) + "/tests/facts/";

std::string text_of(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

// Ours below any of the roots of the published table; a CSP may stand in both scopes.
std::vector<Fact> ours_for(const Table& published, const std::vector<csp::Csp>& csps) {
    std::vector<Fact> facts;
    for (const auto& csp : csps) {
        auto ours = facts_of(csp);
        const bool meant = std::any_of(published.facts.begin(), published.facts.end(),
                                       [&](const Fact& fact) { return fact.uri == ours.front().uri; });
        if (meant) facts.insert(facts.end(), ours.begin(), ours.end());
    }
    return facts;
}

TEST(Facts, EveryDifferenceIsExplainedAndEveryExplanationIsNeeded) {
    test::MemoryHost memory;
    const auto csps = csp::contents(memory.host);
    auto tables = read_tables(folder + "data");
    ASSERT_TRUE(tables) << tables.error().what << " " << tables.error().evidence;
    const auto explanations = read_explanations(text_of(folder + "differences.md"));
    std::vector<int> used(explanations.size());

    for (const auto& table : *tables) {
        const auto compared = compare(table, ours_for(table, csps));
        int explained = 0;
        for (const auto& difference : compared.differences) {
            bool covered = false;
            for (std::size_t i = 0; i < explanations.size(); ++i) {
                if (!explanations[i].covers(difference)) continue;
                covered = true;
                ++used[i];
            }
            if (covered) ++explained;
            EXPECT_TRUE(covered) << table.name << ": " << difference.kind << " " << difference.uri << ": "
                                 << difference.detail;
        }
        std::cout << table.name << ": " << compared.present << "/" << compared.published << " nodes present, "
                  << compared.equal << " equal, " << explained << " differences explained\n";
        EXPECT_GT(compared.present, 0) << table.name << " is not there at all";
    }
    for (std::size_t i = 0; i < explanations.size(); ++i) {
        EXPECT_GT(used[i], 0) << "differences.md:" << explanations[i].line
                              << " explains nothing: " << explanations[i].kind << " " << explanations[i].uri;
        EXPECT_FALSE(explanations[i].reason.empty()) << "differences.md:" << explanations[i].line;
    }
}

TEST(Facts, EveryCspIsCompared) {
    test::MemoryHost memory;
    const auto tables = read_tables(folder + "data");
    ASSERT_TRUE(tables);
    for (const auto& csp : csp::contents(memory.host)) {
        const auto root = facts_of(csp).front().uri;
        EXPECT_TRUE(std::any_of(tables->begin(), tables->end(),
                                [&](const Table& table) {
                                    return std::any_of(table.facts.begin(), table.facts.end(),
                                                       [&](const Fact& fact) { return fact.uri == root; });
                                }))
            << root << " has no table in tests/facts/data";
    }
}

TEST(Facts, AComparisonSeesEveryKindOfDifference) {
    const Table published{"X",
                          {{"./X", "node", "Get", "any", ""},
                           {"./X/Gone", "chr", "Get", "any", ""},
                           {"./X/Other", "int", "Get Replace", "range 1..2", "1"},
                           {"./X/Same", "int", "Get", "any", ""}}};
    const std::vector<Fact> ours = {{"./X", "node", "Get", "any", ""},
                                    {"./X/Other", "chr", "Get", "any", ""},
                                    {"./X/Same", "int", "Get", "any", ""},
                                    {"./X/New", "chr", "Get", "any", ""}};
    const auto compared = compare(published, ours);
    EXPECT_EQ(compared.published, 4);
    EXPECT_EQ(compared.present, 3);
    EXPECT_EQ(compared.equal, 2);
    std::vector<std::string> kinds;
    for (const auto& difference : compared.differences) kinds.push_back(difference.kind + " " + difference.uri);
    EXPECT_EQ(kinds, (std::vector<std::string>{"missing ./X/Gone", "format ./X/Other", "access ./X/Other",
                                               "allowed ./X/Other", "default ./X/Other", "added ./X/New"}));
}

TEST(Facts, ExplanationsCoverANodeOrAllBelowIt) {
    const auto rows =
        read_explanations("# text\n| node | kind | reason |\n|--|--|--|\n| `./Vendor/MSFT/A/*` | missing | b |\n");
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_TRUE(rows[0].covers({"./Device/Vendor/MSFT/A", "missing", ""}));
    EXPECT_TRUE(rows[0].covers({"./Device/Vendor/MSFT/A/B/C", "missing", ""}));
    EXPECT_FALSE(rows[0].covers({"./Device/Vendor/MSFT/AB", "missing", ""}));
    EXPECT_FALSE(rows[0].covers({"./Device/Vendor/MSFT/A/B", "format", ""}));
    EXPECT_EQ(rows[0].line, 4);
}

}  // namespace
}  // namespace steward::facts
