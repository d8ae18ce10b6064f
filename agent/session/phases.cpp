#include "agent/session/phases.h"

#include <array>

namespace steward::session {
namespace {

constexpr unsigned operator|(Phase a, Phase b) {
    return static_cast<unsigned>(a) | static_cast<unsigned>(b);
}
constexpr unsigned only(Phase phase) {
    return static_cast<unsigned>(phase);
}

constexpr unsigned fresh = Phase::opening | Phase::managing;
constexpr unsigned retried = Phase::proving | Phase::proved;
constexpr unsigned talking = fresh | retried;
constexpr unsigned all = 63;

struct Row {
    unsigned phases;
    Event event;
    Action action;
    Phase next;
};

// clang-format off
constexpr std::array rows = {
    //  in                  on                     do                 then
    Row{only(Phase::idle),  Event::opened,         Action::introduce, Phase::opening},
    Row{talking,            Event::broken,         Action::fail,      Phase::over},
    Row{talking,            Event::garbled,        Action::abort,     Phase::over},
    Row{talking,            Event::ended,          Action::finish,    Phase::over},
    Row{talking,            Event::incompatible,   Action::reject,    Phase::over},
    Row{talking,            Event::aborted,        Action::stop,      Phase::over},
    Row{fresh,              Event::challenged,     Action::repeat,    Phase::proving},
    Row{retried,            Event::challenged,     Action::fail,      Phase::over},      // one retry, no lock-out storm
    Row{talking,            Event::not_met,        Action::fail,      Phase::over},
    Row{talking,            Event::unknown_proof,  Action::decline,   Phase::over},
    Row{talking,            Event::refused,        Action::fail,      Phase::over},
    Row{fresh,              Event::unproven,       Action::challenge, Phase::managing},
    Row{retried,            Event::unproven,       Action::challenge, Phase::proved},
    Row{talking,            Event::impostor,       Action::fail,      Phase::over},
    Row{talking,            Event::stranger,       Action::finish,    Phase::over},
    Row{talking,            Event::endless,        Action::abort,     Phase::over},
    Row{fresh,              Event::work,           Action::answer,    Phase::managing},
    Row{retried,            Event::work,           Action::answer,    Phase::proved},
    Row{fresh,              Event::silent,         Action::ask,       Phase::managing},
    Row{retried,            Event::silent,         Action::ask,       Phase::proved},
    Row{talking,            Event::mute,           Action::finish,    Phase::over},
    Row{talking,            Event::nothing,        Action::finish,    Phase::over},
};
// clang-format on

constexpr bool each_pair_at_most_once_and_every_talk_covered() {
    for (unsigned phase = 1; phase <= all; phase <<= 1) {
        for (unsigned event = 0; event < event_count; ++event) {
            unsigned found = 0;
            for (const Row& row : rows) {
                if ((row.phases & phase) != 0 && static_cast<unsigned>(row.event) == event) ++found;
            }
            const bool needed = (talking & phase) != 0 && event != static_cast<unsigned>(Event::opened);
            if (found > 1 || (needed && found == 0)) return false;
        }
    }
    return true;
}
static_assert(each_pair_at_most_once_and_every_talk_covered());

}  // namespace

Transition transition(Phase phase, Event event) {
    for (const Row& row : rows) {
        if ((row.phases & only(phase)) != 0 && row.event == event) return {row.action, row.next};
    }
    return {Action::misuse, phase};
}

}  // namespace steward::session
