// By DPAPI, with the key of the machine: the service and an administrator at the console read the same files.
#include "platform/sealing.h"

#include <windows.h>

#include <dpapi.h>

#include "platform/base/bytes.h"
#include "platform/windows/failure.h"

namespace steward::platform {
namespace {

constexpr std::string_view head = "-----BEGIN DPAPI SEALED TEXT-----\n", foot = "\n-----END DPAPI SEALED TEXT-----\n";

DATA_BLOB blob_of(std::string_view bytes) {
    return {static_cast<DWORD>(bytes.size()), reinterpret_cast<BYTE*>(const_cast<char*>(bytes.data()))};
}

std::string take(DATA_BLOB& blob) {
    std::string bytes(reinterpret_cast<const char*>(blob.pbData), blob.cbData);
    ::SecureZeroMemory(blob.pbData, blob.cbData);
    ::LocalFree(blob.pbData);
    return bytes;
}

}  // namespace

Result<std::string> seal(std::string_view secret) {
    DATA_BLOB in = blob_of(secret), out{};
    if (!::CryptProtectData(&in, L"Steward", nullptr, nullptr, nullptr,
                            CRYPTPROTECT_LOCAL_MACHINE | CRYPTPROTECT_UI_FORBIDDEN, &out)) {
        return failed_call("Windows does not seal a secret of Steward.", "CryptProtectData");
    }
    return std::string(head) + to_base64(take(out)) + std::string(foot);
}

bool sealed(std::string_view text) {
    return text.starts_with(head);
}

Result<std::string> unseal(std::string_view text) {
    if (!sealed(text)) return std::string(text);
    const auto end = text.find(foot);
    const auto bytes = from_base64(text.substr(head.size(), end == std::string_view::npos ? end : end - head.size()));
    DATA_BLOB in = blob_of(bytes ? *bytes : std::string_view()), out{};
    if (!bytes || !::CryptUnprotectData(&in, nullptr, nullptr, nullptr, nullptr, CRYPTPROTECT_UI_FORBIDDEN, &out)) {
        auto error = failed_call("A secret of Steward can't be read: it was sealed on another machine, or is damaged.",
                                 "CryptUnprotectData");
        error.fault = Fault::io;
        return error;
    }
    return take(out);
}

}  // namespace steward::platform
