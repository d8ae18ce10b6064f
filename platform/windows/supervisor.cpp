// The service control manager as the supervisor; it has no watchdog and takes no words.
#include "platform/supervisor.h"

#include "platform/windows/service_control.h"

namespace steward::platform {
namespace {

class ServiceManager final : public Supervisor {
  public:
    void ready() override { report_running(); }
    void reloading() override {}  // the state "running" lasts
    void stopping() override { report_stopping(); }
    void alive() override {}
    void status(std::string_view) override {}
    std::optional<std::chrono::seconds> watchdog() const override { return std::nullopt; }
};

}  // namespace

std::unique_ptr<Supervisor> own_supervisor() {
    return std::make_unique<ServiceManager>();
}

}  // namespace steward::platform
