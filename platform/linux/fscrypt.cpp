#include "platform/linux/fscrypt.h"

#include <fcntl.h>
#include <linux/fscrypt.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include "platform/linux/place.h"

namespace steward::platform {
namespace {

// Source: linux/fscrypt.h; newer modes have no name in the headers of older kernels.
constexpr std::array<std::pair<int, std::string_view>, 5> ciphers{{
    {1, "AES-256-XTS"},
    {5, "AES-128-CBC"},
    {7, "SM4-XTS"},
    {9, "Adiantum"},
    {10, "AES-256-HCTR2"},
}};

std::string cipher_of(int mode) {
    for (const auto& [number, name] : ciphers) {
        if (number == mode) return std::string(name);
    }
    return "mode " + std::to_string(mode);
}

}  // namespace

Result<Fscrypt::Directory> KernelFscrypt::look(const std::string& directory) {
    const auto failed = [&](const char* what) {
        return Error{Fault::io, "Whether " + directory + " is encrypted can't be told: " + what + " failed.",
                     std::strerror(errno)};
    };
    const auto path = root_ == "/" ? directory : root_ + directory;
    const Descriptor opened(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!opened.open()) return failed("open");
    struct stat facts {};
    if (::fstat(opened.number(), &facts) != 0) return failed("stat");
    Directory found;
    found.device = std::to_string(major(facts.st_dev)) + ":" + std::to_string(minor(facts.st_dev));
    fscrypt_get_policy_ex_arg policy{};
    policy.policy_size = sizeof policy.policy;
    if (::ioctl(opened.number(), FS_IOC_GET_ENCRYPTION_POLICY_EX, &policy) == 0) {
        const bool first = policy.policy.version == FSCRYPT_POLICY_V1;
        found.cipher =
            cipher_of(first ? policy.policy.v1.contents_encryption_mode : policy.policy.v2.contents_encryption_mode);
        return found;
    }
    // No policy; a file system without any; one that has never heard of them.
    if (errno == ENODATA || errno == EOPNOTSUPP || errno == ENOTTY || errno == EINVAL) return found;
    return failed("FS_IOC_GET_ENCRYPTION_POLICY_EX");
}

}  // namespace steward::platform
