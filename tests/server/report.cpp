#include "tests/server/report.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace steward::server {
namespace {

std::size_t failures(const Played& played) {
    return static_cast<std::size_t>(std::count_if(played.findings.begin(), played.findings.end(),
                                                  [](const transcript::Finding& finding) { return !finding.passed; }));
}

}  // namespace

std::string to_json(const std::vector<Played>& played) {
    auto list = nlohmann::ordered_json::array();
    for (const auto& each : played) {
        auto findings = nlohmann::ordered_json::array();
        for (const auto& finding : each.findings) {
            nlohmann::ordered_json entry{{"passed", finding.passed}, {"what", finding.what}};
            if (finding.line != 0) entry["line"] = finding.line;
            if (!finding.passed) entry["seen"] = finding.seen;
            findings.push_back(std::move(entry));
        }
        list.push_back({{"id", each.id},
                        {"title", each.title},
                        {"device", each.device},
                        {"sessions", each.sessions},
                        {"passed", each.passed},
                        {"findings", std::move(findings)}});
    }
    const nlohmann::ordered_json all{{"passed", all_passed(played)}, {"played", std::move(list)}};
    // What a client sent may be no UTF-8; it must not cost us the report.
    return all.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
}

std::string summary(const std::vector<Played>& played) {
    std::size_t passed = 0, expectations = 0, failed = 0;
    for (const auto& each : played) {
        passed += each.passed ? 1 : 0;
        expectations += each.findings.size();
        failed += failures(each);
    }
    return std::to_string(played.size()) + " played, " + std::to_string(passed) + " passed; " +
           std::to_string(expectations) + " expectations, " + std::to_string(failed) + " failed";
}

bool all_passed(const std::vector<Played>& played) {
    return std::all_of(played.begin(), played.end(), [](const Played& each) { return each.passed; });
}

}  // namespace steward::server
