// A transcript played in one process: session and tree on one side, the player on the other, and no network.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "agent/tree/operation.h"
#include "platform/base/result.h"
#include "tests/support/match.h"
#include "tests/support/transcript.h"

namespace steward::transcript {

struct Rehearsal {
    std::vector<Finding> findings;
    std::string trace;  // every message in full, with who said it

    bool passed() const;
    std::string failures() const;  // "line 12: expect ...: there is none", one per line
};

// The tree and the nonces live on from session to session. An Error: the transcript names something that does not
// exist.
Result<Rehearsal> rehearse(std::shared_ptr<const Transcript> transcript, tree::Executor& tree);

}  // namespace steward::transcript
