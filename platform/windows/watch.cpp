// Sessions by the service control manager, addresses by the IP helper. A device that wakes up may have another network.
#include "platform/watch.h"

#include <winsock2.h>

#include <iphlpapi.h>
#include <windows.h>

#include <array>
#include <thread>

#include "platform/windows/handle.h"
#include "platform/windows/service_control.h"

namespace steward::platform {

struct Watch::Post {
    std::function<void(Changed)> changed;
    Handle over{::CreateEventW(nullptr, TRUE, FALSE, nullptr)};
    ServiceEar service{[this](ServiceWord word) {
        if (word == ServiceWord::logins_changed) changed(Changed::logins);
        if (word == ServiceWord::resumed) changed(Changed::network);
    }};
    std::thread thread{};

    void look() const {
        const Handle moved(::CreateEventW(nullptr, TRUE, FALSE, nullptr));
        for (;;) {
            OVERLAPPED state{};
            state.hEvent = moved.get();
            ::ResetEvent(moved.get());
            HANDLE unused = nullptr;
            const bool watching = ::NotifyAddrChange(&unused, &state) == ERROR_IO_PENDING;
            const std::array<HANDLE, 2> waiting{over.get(), moved.get()};
            const DWORD which = ::WaitForMultipleObjects(watching ? 2 : 1, waiting.data(), FALSE, INFINITE);
            if (which != WAIT_OBJECT_0 + 1) {
                if (watching) ::CancelIPChangeNotify(&state);
                return;
            }
            changed(Changed::network);
        }
    }
};

Watch::Watch(const std::string& root, std::function<void(Changed)> changed) : post_(new Post{std::move(changed)}) {
    if (root == "/") post_->thread = std::thread([post = post_.get()] { post->look(); });
}

Watch::~Watch() {
    ::SetEvent(post_->over.get());
    if (post_->thread.joinable()) post_->thread.join();
}

}  // namespace steward::platform
