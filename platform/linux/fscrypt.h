// Directories that the kernel encrypts by themselves, whatever their volume is. Source:
// Documentation/filesystems/fscrypt.rst, FS_IOC_GET_ENCRYPTION_POLICY_EX.
#pragma once

#include <optional>
#include <string>

#include "platform/base/result.h"

namespace steward::platform {

struct Fscrypt {
    struct Directory {
        std::string device;                 // the number of its file system: "8:3"
        std::optional<std::string> cipher;  // of the files in it: "AES-256-XTS"; nullopt: it is not encrypted so
    };
    virtual ~Fscrypt() = default;
    virtual Result<Directory> look(const std::string& directory) = 0;
};

// Directories below this root.
class KernelFscrypt final : public Fscrypt {
  public:
    explicit KernelFscrypt(std::string root) : root_(std::move(root)) {}
    Result<Directory> look(const std::string& directory) override;

  private:
    std::string root_;
};

}  // namespace steward::platform
