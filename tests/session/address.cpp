#include "agent/session/address.h"

#include <gtest/gtest.h>

namespace steward::session {
namespace {

TEST(Address, LocationHasNoQuery) {
    EXPECT_EQ(location_of("https://s.example/dm?mode=Maintenance&Platform=WoA"), "https://s.example/dm");
    EXPECT_EQ(location_of("https://s.example/dm#x"), "https://s.example/dm");
    EXPECT_EQ(location_of("https://s.example/dm"), "https://s.example/dm");
}

struct Case {
    const char* ours;
    const char* theirs;
    bool foreign_allowed, taken;
};

TEST(Address, RespUriKeepsHostAndScheme) {
    const Case cases[] = {
        {"https://s.example/dm", "https://s.example/dm?session=4", false, true},
        {"https://s.example/dm", "https://S.EXAMPLE:8443/dm", false, true},
        {"https://s.example/dm", "http://s.example/dm", false, false},
        {"https://s.example/dm", "http://s.example/dm", true, false},
        {"https://s.example/dm", "https://evil.example/dm", false, false},
        {"https://s.example/dm", "https://evil.example/dm", true, true},
        {"https://s.example/dm", "https://s.example@evil.example/", false, false},
        {"https://s.example/dm", "https://evil.example\\@s.example/", false, false},
        {"https://s.example/dm", "/dm/next", false, false},
        {"https://s.example/dm", "", false, false},
        {"http://127.0.0.1:8080/dm", "http://127.0.0.1:8080/next", false, true},
        {"http://127.0.0.1:8080/dm", "http://127.0.0.1:9090/next", false, false},
        {"https://[::1]:8443/dm", "https://[::1]:9443/dm", false, true},
    };
    for (const Case& one : cases) {
        EXPECT_EQ(next_address(one.ours, one.theirs, one.foreign_allowed), one.taken ? one.theirs : one.ours)
            << one.theirs;
    }
}

}  // namespace
}  // namespace steward::session
