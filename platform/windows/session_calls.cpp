#include "platform/windows/session_calls.h"

#include <windows.h>

#include <wtsapi32.h>

#include <cstring>

#include "platform/windows/failure.h"
#include "platform/windows/wide.h"

namespace steward::platform {
namespace {

// The beginning of WTSINFOEXW, which not every header has. Its union is aligned to eight bytes.
constexpr auto session_info_ex = static_cast<WTS_INFO_CLASS>(25);
struct SessionInfoHead {
    DWORD level, padding;
    ULONG id;
    int state;
    LONG flags;
};
constexpr LONG locked_flag = 0, unlocked_flag = 1;

template <class T>
class Told {
  public:
    Told(DWORD session, WTS_INFO_CLASS kind) {
        LPWSTR text = nullptr;
        if (::WTSQuerySessionInformationW(WTS_CURRENT_SERVER_HANDLE, session, kind, &text, &size_)) memory_ = text;
    }
    ~Told() {
        if (memory_ != nullptr) ::WTSFreeMemory(memory_);
    }
    Told(const Told&) = delete;
    Told& operator=(const Told&) = delete;
    const T* get() const { return static_cast<const T*>(memory_); }
    DWORD size() const { return size_; }

  private:
    void* memory_ = nullptr;
    DWORD size_ = 0;
};

std::string text_of(DWORD session, WTS_INFO_CLASS kind) {
    const Told<wchar_t> told(session, kind);
    return told.get() == nullptr ? std::string() : narrow(told.get());
}

std::optional<bool> is_locked(DWORD session) {
    const Told<char> told(session, session_info_ex);
    SessionInfoHead head{};
    if (told.get() == nullptr || told.size() < sizeof head) return std::nullopt;
    std::memcpy(&head, told.get(), sizeof head);
    if (head.level != 1 || (head.flags != locked_flag && head.flags != unlocked_flag)) return std::nullopt;
    return head.flags == locked_flag;
}

class WindowsSessions final : public SessionCalls {
  public:
    Result<std::vector<TerminalSession>> list() override {
        WTS_SESSION_INFOW* info = nullptr;
        DWORD count = 0;
        if (!::WTSEnumerateSessionsW(WTS_CURRENT_SERVER_HANDLE, 0, 1, &info, &count)) {
            return failed_call("The sessions of this device can't be listed.", "WTSEnumerateSessions");
        }
        std::vector<TerminalSession> sessions;
        for (DWORD i = 0; i < count; ++i) {
            TerminalSession session;
            session.id = info[i].SessionId;
            const auto name = text_of(session.id, WTSUserName);
            const auto domain = text_of(session.id, WTSDomainName);
            if (!name.empty()) session.user = domain.empty() ? name : domain + "\\" + name;
            session.at_screen = info[i].State == WTSActive;
            session.locked = is_locked(session.id);
            sessions.push_back(std::move(session));
        }
        ::WTSFreeMemory(info);
        return sessions;
    }

    Outcome disconnect(unsigned id) override {
        if (::WTSDisconnectSession(WTS_CURRENT_SERVER_HANDLE, id, TRUE)) return {};
        return failed_call("A session can't be locked.", "WTSDisconnectSession");
    }
};

}  // namespace

SessionCalls& session_calls() {
    static WindowsSessions calls;
    return calls;
}

}  // namespace steward::platform
