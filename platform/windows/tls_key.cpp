#include "platform/tls_key.h"

#include <fstream>
#include <iterator>

#include "platform/base/path.h"
#include "platform/sealing.h"
#include "platform/windows/machine_keys.h"

namespace steward::platform {

Result<std::optional<TlsKey>> tls_key(const std::string& source) {
    if (source.starts_with(machine_key_scheme)) {
        auto key = machine_key(source);
        if (!key) return std::move(key).error();
        return std::optional(TlsKey{{}, key->object()});
    }
    std::ifstream in(path_of(source), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    if (!sealed(text)) return std::optional<TlsKey>();
    auto pem = unseal(text);
    if (!pem) return std::move(pem).error();
    return std::optional(TlsKey{std::move(*pem), nullptr});
}

}  // namespace steward::platform
