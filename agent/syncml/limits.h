// What a message may cost its reader. Everything that comes from the network is hostile until it is read.
#pragma once

#include <cstddef>

namespace steward::syncml {

struct Limits {
    static constexpr std::size_t deepest = 255;

    std::size_t bytes = 16u << 20;    // of the whole message, as transmitted; and of all its texts together
    std::size_t depth = 64;           // of elements, the root counted; never more than `deepest`
    std::size_t containers = 8;       // Atomic and Sequence in one another
    std::size_t commands = 20'000;    // of all kinds and levels
    std::size_t items = 50'000;       // of all commands together
    std::size_t references = 50'000;  // TargetRef and SourceRef together
    std::size_t uri = 32u << 10;      // bytes of a LocURI; 414 per command comes far earlier, from the tree
    std::size_t text = 64u << 10;     // bytes of any other field except Data: ids, codes, Meta, correlators
    std::size_t markup = 64u << 10;   // bytes of one tag, comment or processing instruction
    std::size_t names = 10'000;       // different names of elements and attributes, inline XML included
    std::size_t data = 16u << 20;     // bytes of one Data
};

}  // namespace steward::syncml
