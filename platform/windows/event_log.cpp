// Source: ReportEvent; the texts of the numbers are in agent/app/windows/messages.mc.
#include "platform/event_log.h"

#include <windows.h>

#include <array>

#include "platform/windows/service_control.h"
#include "platform/windows/wide.h"

namespace steward::platform {
namespace {

struct Kind {
    WORD type;
    DWORD number;  // with its severity in front
};

Kind kind_of(Weight weight) {
    switch (weight) {
        case Weight::error:
            return {EVENTLOG_ERROR_TYPE, 0xC0000001};
        case Weight::warning:
            return {EVENTLOG_WARNING_TYPE, 0x80000002};
        case Weight::info:
            return {EVENTLOG_INFORMATION_TYPE, 0x40000003};
    }
    return {EVENTLOG_INFORMATION_TYPE, 0x40000003};
}

class WindowsEventLog final : public EventLog {
  public:
    explicit WindowsEventLog(HANDLE source) : source_(source) {}
    ~WindowsEventLog() override { ::DeregisterEventSource(source_); }
    WindowsEventLog(const WindowsEventLog&) = delete;
    WindowsEventLog& operator=(const WindowsEventLog&) = delete;

    void write(Weight weight, std::string_view line) override {
        constexpr std::size_t longest = 31'000;  // characters of one string
        const std::wstring text = wide(line).substr(0, longest);
        std::array<LPCWSTR, 1> strings{text.c_str()};
        const auto [type, number] = kind_of(weight);
        ::ReportEventW(source_, type, 0, number, nullptr, 1, 0, strings.data(), nullptr);
    }

  private:
    HANDLE source_;
};

}  // namespace

std::unique_ptr<EventLog> own_event_log() {
    if (!is_service()) return nullptr;
    HANDLE source = ::RegisterEventSourceW(nullptr, wide(own_service()).c_str());
    if (source == nullptr) return nullptr;
    return std::make_unique<WindowsEventLog>(source);
}

}  // namespace steward::platform
