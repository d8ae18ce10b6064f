#include "agent/session/phases.h"

#include <gtest/gtest.h>

namespace steward::session {
namespace {

TEST(Phases, NothingHappensAfterTheEnd) {
    for (unsigned event = 0; event < event_count; ++event) {
        const Transition next = transition(Phase::over, static_cast<Event>(event));
        EXPECT_EQ(next.action, Action::misuse) << event;
        EXPECT_EQ(next.next, Phase::over) << event;
    }
}

TEST(Phases, NothingIsReceivedBeforePackageOne) {
    for (unsigned event = 1; event < event_count; ++event) {
        EXPECT_EQ(transition(Phase::idle, static_cast<Event>(event)).action, Action::misuse) << event;
    }
}

TEST(Phases, ASecondChallengeEndsWhereverTheFirstWasMet) {
    EXPECT_EQ(transition(Phase::opening, Event::challenged).action, Action::repeat);
    EXPECT_EQ(transition(Phase::managing, Event::challenged).action, Action::repeat);
    EXPECT_EQ(transition(Phase::proving, Event::challenged).action, Action::fail);
    EXPECT_EQ(transition(Phase::proving, Event::work).next, Phase::proved);
    EXPECT_EQ(transition(Phase::proved, Event::challenged).action, Action::fail);
}

}  // namespace
}  // namespace steward::session
