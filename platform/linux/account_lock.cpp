#include "platform/linux/account_lock.h"

#include <fcntl.h>

#include <chrono>
#include <thread>

namespace steward::platform {

AccountLock::AccountLock(const Files& files)
    : file_(::open((files.root() + "/etc/.pwd.lock").c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW)) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(15);
    while (file_.open() && std::chrono::steady_clock::now() < until) {
        struct flock whole {};
        whole.l_type = F_WRLCK;
        whole.l_whence = SEEK_SET;
        if (::fcntl(file_.number(), F_SETLK, &whole) == 0) return;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
}

}  // namespace steward::platform
