// The state machine of a session: what happens next is data. Source: OMA DM Protocol 1.2 section 8, protocol sheet 1.3.
#pragma once

#include <cstdint>

namespace steward::session {

// Powers of two: a row of the table may stand for several phases.
enum class Phase : std::uint8_t {
    idle = 1,      // before package 1
    opening = 2,   // package 1 is out
    proving = 4,   // package 1 is out again, with credentials for a challenge
    managing = 8,  // packages 3 and 4, never challenged
    proved = 16,   // packages 3 and 4, after a challenge
    over = 32
};

enum class Event : std::uint8_t {
    opened,         // open() was called
    broken,         // no answer that could be a message: HTTP status, media type
    garbled,        // an answer that should be a message and is none
    ended,          // empty body: the server has nothing more
    incompatible,   // a header that we cannot go on with
    aborted,        // Alert 1223
    challenged,     // 401 or 407 that we can meet
    not_met,        // a challenge that we cannot or must not meet
    unknown_proof,  // a challenge of a kind that we do not know
    refused,        // any other failing Status for our header, or a rule of authentication broken
    unproven,       // the server has not proved itself, for the first time, and wants something
    impostor,       // … again
    stranger,       // the server has not proved itself and wants nothing
    endless,        // the most messages that a session may have are used up
    work,           // there are commands to execute or answers left to send
    silent,         // neither, but the server has not closed its package
    mute,           // the same after we asked for more
    nothing         // neither, and the package is closed
};
inline constexpr unsigned event_count = static_cast<unsigned>(Event::nothing) + 1;

enum class Action : std::uint8_t {
    introduce,  // send package 1
    repeat,     // send package 1 with credentials
    answer,     // execute and answer
    ask,        // send Alert 1222
    challenge,  // answer every command with 401 or 407 and demand credentials
    reject,     // send the failing Status for the header
    decline,    // send 406 for the challenge
    abort,      // send Alert 1223
    stop,       // say nothing: the server aborted
    finish,     // say nothing: all is done
    fail,       // say nothing: it went wrong
    misuse      // open() or receive() at the wrong time
};

struct Transition {
    Action action;
    Phase next;
};

Transition transition(Phase phase, Event event);

}  // namespace steward::session
