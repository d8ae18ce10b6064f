// Windows Management Instrumentation: what can be asked of it and called on it, as plain values. The seam that tests
// put a script behind.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "platform/base/result.h"

namespace steward::platform {

using WmiValue = std::variant<std::monostate, bool, std::int64_t, std::string, std::vector<std::string>>;
using WmiObject = std::map<std::string, WmiValue, std::less<>>;

struct Wmi {
    virtual ~Wmi() = default;
    // Each row with its properties, and "__RELPATH" to call methods on it. Fault unsupported: this Windows has no such
    // namespace or class.
    virtual Result<std::vector<WmiObject>> query(const std::string& space, const std::string& wql) = 0;
    // The out parameters, and "ReturnValue" for the caller to judge.
    virtual Result<WmiObject> call(const std::string& space, const std::string& path, const std::string& method,
                                   const WmiObject& arguments) = 0;
};

class SystemWmi final : public Wmi {
  public:
    Result<std::vector<WmiObject>> query(const std::string& space, const std::string& wql) override;
    Result<WmiObject> call(const std::string& space, const std::string& path, const std::string& method,
                           const WmiObject& arguments) override;
};

// nullopt: there is no such property, or it is of another kind.
std::optional<std::int64_t> number_of(const WmiObject& object, std::string_view name);
std::optional<std::string> text_of(const WmiObject& object, std::string_view name);
std::vector<std::string> texts_of(const WmiObject& object, std::string_view name);

}  // namespace steward::platform
