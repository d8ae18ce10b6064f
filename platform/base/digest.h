// Digests and randomness. MD5 is here because OMA-DM asks for it, and only for that.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace steward {

std::string md5(std::string_view data);     // 16 raw bytes
std::string sha256(std::string_view data);  // 32 raw bytes
std::string random_bytes(std::size_t count);
double random_share();  // in [0, 1), coarse: to spread what many devices do at once

// Takes as long for unequal texts as for equal ones of the same length.
bool same_secret(std::string_view a, std::string_view b);

}  // namespace steward
