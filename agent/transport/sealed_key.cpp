#include "agent/transport/sealed_key.h"

#include <fstream>
#include <iterator>

#include "platform/base/path.h"
#include "platform/sealing.h"

namespace steward::transport {

std::optional<std::string> sealed_key(const std::string& file) {
    std::ifstream in(path_of(file), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    if (!platform::sealed(text)) return std::nullopt;
    auto pem = platform::unseal(text);
    return pem ? std::move(*pem) : std::string();
}

}  // namespace steward::transport
