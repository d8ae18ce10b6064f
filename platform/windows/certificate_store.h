// One of Windows' certificate stores: "ROOT", "CA", "MY" of the machine, or of the user who runs a test.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "platform/base/result.h"

namespace steward::platform {

// The DER by thumbprint in upper case.
using CertificatesByThumbprint = std::map<std::string, std::string, std::less<>>;

class CertificateStore {
  public:
    enum class Whose { machine, user };
    CertificateStore(Whose whose, std::string name) : whose_(whose), name_(std::move(name)) {}

    Result<CertificatesByThumbprint> all() const;
    Outcome add(std::string_view der);
    Outcome erase(std::string_view thumbprint);  // what is not there is already erased

    Whose whose() const { return whose_; }
    const std::string& name() const { return name_; }

  private:
    Whose whose_;
    std::string name_;
};

}  // namespace steward::platform
