// Authorities for tests: made once per program, as their keys take time.
#pragma once

#include <chrono>
#include <deque>
#include <string>
#include <utility>

#include "platform/base/bytes.h"
#include "platform/base/certificate.h"
#include "platform/certificates.h"
#include "platform/private_key.h"
#include "tests/support/issuer.h"

namespace steward::test {

inline const Issuer& authority(std::size_t number) {
    static std::deque<Issuer> made;
    while (made.size() <= number) made.emplace_back("Authority " + std::to_string(made.size()));
    return made[number];
}
inline std::string thumbprint(std::size_t number) {
    return thumbprint_of(authority(number).certificate());
}
inline std::string encoded(std::size_t number) {
    return to_base64(authority(number).certificate());
}
inline std::string pem(std::size_t number) {
    return to_pem(authority(number).certificate());
}
inline platform::StoredCertificate stored(std::size_t number) {
    return {encoded(number)};
}

// A certificate that is no authority's, and its key.
struct EndEntity {
    std::string certificate, key;  // DER, PEM
};
inline EndEntity end_entity(std::size_t issuer, const std::string& name, int days = 365) {
    EndEntity made;
    const auto key = platform::PrivateKey::make({});
    const auto request = key ? key->request({name, {}}) : Result<std::string>(Error{});
    const auto pem = key ? key->pem() : Result<std::string>(Error{});
    if (!request || !pem) return made;
    const Instant from{std::chrono::sys_days(std::chrono::year(2026) / 1 / 1)};
    made.certificate = authority(issuer).issue(*request, name, from, from + std::chrono::days(days));
    made.key = *pem;
    return made;
}

template <class T>
T value_of(Result<T> result, T otherwise = {}) {
    return result ? std::move(*result) : otherwise;
}

}  // namespace steward::test
