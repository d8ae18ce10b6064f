// PFX files as different systems write them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/certificates/authorities.h"

namespace steward::test {

enum class PfxManner : std::uint8_t {
    today,  // PBES2 with AES-256, MAC with SHA-256
    older,  // 3DES for all, MAC with SHA-1: Windows until 2018
    old,    // RC2 of 40 bits for the certificates
    bare,   // no encryption, but a MAC
};

// DER. `certificates` are those above the entity's own.
std::string make_pfx(const EndEntity& entity, const std::vector<std::string>& certificates, const std::string& password,
                     PfxManner manner = PfxManner::today, int iterations = 2048);

}  // namespace steward::test
