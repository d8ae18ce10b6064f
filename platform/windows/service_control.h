// This process as a service of the service control manager, and what the manager says to it. Source: Services (Win32),
// HandlerEx.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "platform/base/result.h"

namespace steward::platform {

enum class ServiceWord : std::uint8_t { stop, reload, logins_changed, resumed };

// Carries `body` out as the service of this name, and returns its exit code when it has ended. Fault refused: this
// process was not started by the manager.
Result<int> be_service(const std::string& name, const std::function<int()>& body);

bool is_service();
std::string own_service();  // its name; empty: none
void report_running();
void report_stopping();

// While one of these lives, it hears what the manager says, on the manager's thread.
class ServiceEar {
  public:
    explicit ServiceEar(std::function<void(ServiceWord)> heard);
    ~ServiceEar();
    ServiceEar(const ServiceEar&) = delete;
    ServiceEar& operator=(const ServiceEar&) = delete;

  private:
    std::function<void(ServiceWord)> heard_;
};

}  // namespace steward::platform
