// Messages at random, the same for the same seed: everything that both encodings can say.
#pragma once

#include <cstdint>
#include <random>

#include "agent/syncml/message.h"

namespace steward::syncml {

struct Vocabulary {
    bool microsoft = true;  // original errors, which WBXML cannot say
    bool unknown = true;    // elements without a token
};

Message random_message(std::uint32_t seed, const Vocabulary& vocabulary);

}  // namespace steward::syncml
