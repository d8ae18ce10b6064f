#include "agent/tree/finder.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "csp/csp.h"

namespace steward::tree {
namespace {

Mount mount() {
    std::vector<csp::Csp> csps;
    csps.push_back(csp::Csp("./Device/Vendor/MSFT/Policy", "Settings.")
                       .nodes({csp::kept("Config/DeviceLock/Length", csp::Format::chr, "A setting."),
                               csp::kept("Config/{Area}/{Setting}", csp::Format::chr, "A setting."),
                               csp::kept("Config/{Area}/{Setting}/Deeper/{Name}", csp::Format::chr, "A setting."),
                               csp::kept("ConfigOperations/{Name}", csp::Format::chr, "A setting.")}));
    csps.push_back(csp::Csp("./DevInfo", "The device.").nodes({csp::kept("Lang", csp::Format::chr, "A language.")}));
    return Mount(std::move(csps));
}

std::string shown(const Place& place) {
    std::string text = place.entry->pattern + " " + place.uri;
    for (const auto& key : place.keys) text += " [" + key + "]";
    return text;
}

// Whatever was looked up before, a URI leads where it would lead by itself.
TEST(Finder, SaysTheSameAsALookUpByItself) {
    const std::vector<std::string> uris = {
        "./Device/Vendor/MSFT/Policy/Config/DeviceLock/Length",
        "./Device/Vendor/MSFT/Policy/Config/Camera/Allow",
        "./Device/Vendor/MSFT/Policy/Config/Camera/Allow%20it",
        "./Device/Vendor/MSFT/Policy/Config/Camera/Allow?prop=ACL",
        "./Device/Vendor/MSFT/Policy/Config/devicelock/LENGTH",
        "./device/vendor/msft/policy/config/DeviceLock/Length",
        "./Vendor/MSFT/Policy/Config/DeviceLock/Length",
        "Vendor/MSFT/Policy/Config/A/b",
        " ./Device/Vendor/MSFT/Policy/Config/A/b ",
        "./Device/Vendor/MSFT/Policy/Config/A b/ü",
        "./Device/Vendor/MSFT/Policy/Config",
        "./Device/Vendor/MSFT/Policy/Config/",
        "./Device/Vendor/MSFT/Policy/Config//b",
        "./Device/Vendor/MSFT/Policy/Config/A/..",
        "./Device/Vendor/MSFT/Policy/Config/A/%zz",
        "./Device/Vendor/MSFT/Policy/Config/A/b/Deeper/x",
        "./Device/Vendor/MSFT/Policy/Config/A/b/Nowhere",
        "./Device/Vendor/MSFT/Policy/ConfigOperations/x",
        "./Vendor",
        "./Device/Vendor",
        "./DevInfo/Lang",
        "./DevInfo/Lang/Below",
        "./Device",
        ".",
        "",
        "./Device/Vendor/MSFT/Policy/Config/A/" + std::string(600, 'a'),
        "./Device/Vendor/MSFT/Policy/Config/" + std::string(4096, 'a'),
        "./" +
            [] {
                std::string deep = "Device/Vendor/MSFT/Policy/Config";
                for (int i = 0; i < 57; ++i) deep += "/a";
                return deep;
            }(),
    };
    const Mount tree = mount();
    for (const auto& before : uris) {
        for (const auto& uri : uris) {
            Finder finder(tree);
            (void)finder.find(before);
            const auto found = finder.find(uri);
            const auto alone = tree.find(std::string_view(uri));
            ASSERT_EQ(found.ok(), alone.ok()) << uri << " after " << before;
            if (found) {
                EXPECT_EQ(shown(finder.place()), shown(*alone)) << uri << " after " << before;
            } else {
                EXPECT_EQ(found.error().what, alone.error().what) << uri << " after " << before;
                EXPECT_EQ(found.error().fault, alone.error().fault) << uri << " after " << before;
            }
        }
    }
}

TEST(Finder, KeepsTheQuery) {
    const Mount tree = mount();
    Finder finder(tree);
    for (int round = 0; round < 2; ++round) {
        ASSERT_TRUE(finder.find("./Device/Vendor/MSFT/Policy/Config/A/b?prop=ACL"));
        EXPECT_EQ(finder.uri().property(), "ACL");
        ASSERT_TRUE(finder.find("./Device/Vendor/MSFT/Policy/Config/A/b"));
        EXPECT_EQ(finder.uri().property(), "");
    }
}

}  // namespace
}  // namespace steward::tree
