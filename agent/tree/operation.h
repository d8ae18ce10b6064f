// What the protocol side asks of the management tree, and what it hears back. Plain values that can be serialised:
// the process boundary between network and privilege runs exactly here.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "csp/value.h"
#include "platform/base/few.h"
#include "platform/base/result.h"

namespace steward::tree {

enum class Verb : std::uint8_t { add, replace, erase, get, exec, copy };

struct Operation {
    Verb verb = Verb::get;
    std::string uri;     // as the server wrote it, query included; echoed, never rewritten
    std::string source;  // Copy: where from
    std::string format;  // Meta Format as sent; empty: not given
    std::string type;    // Meta Type as sent; empty: not given
    std::optional<std::string> data;
};

// One node that a Get found.
struct Found {
    std::string uri;  // empty: that of the request, query included; else a node at or below it, for ?list=
    csp::Format format = csp::Format::chr;
    std::string type;                 // MIME type; empty: not to be stated
    std::optional<std::string> data;  // nullopt: structure only (?list=Struct)
};

struct Answer {
    enum class State : std::uint8_t {
        done,
        pending,     // accepted, finishes later (202)
        failed,      // error says why; nothing changed
        undone,      // Atomic: was applied and has been rolled back (216)
        not_undone,  // Atomic: was applied and could not be rolled back (516)
        not_run,     // Atomic: never executed (215)
        leaving      // the server ends the enrolment by this: nothing is answered any more (protocol sheet 10.12)
    };
    State state = State::done;
    Error error;  // failed, not_undone
    Few<Found> found;

    static Answer failure(Error why) { return {State::failed, std::move(why), {}}; }
};

struct Context {
    std::string authority;   // provider id of the enrolment; local_authority for the person at the keyboard
    std::string session_id;  // for history and audit
};
inline constexpr char local_authority[] = "local";

// The management tree as the session sees it.
struct Executor {
    virtual ~Executor() = default;

    // Each operation succeeds or fails by itself, in order. Writes may be batched until the end of the call or the
    // next Get or Exec, but each failure is reported at the operation that caused it. One answer per operation.
    virtual std::vector<Answer> run(const Context& context, std::span<const Operation> operations) = 0;

    // All or nothing: a failure undoes what was applied. Gets are not accepted (the session refuses them earlier).
    virtual std::vector<Answer> run_atomic(const Context& context, std::span<const Operation> operations) = 0;
};

}  // namespace steward::tree
