#include "platform/loopback.h"

#include <winsock2.h>

#include <io.h>

#include <array>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "platform/windows/handle.h"
#include "platform/windows/sockets.h"

namespace steward::platform {
namespace {

// What is typed, read by a thread of its own, as a console or a pipe can't be waited for along with a socket. The
// thread may sit in a read that nothing ends, so it is left to itself and shares this.
struct Typing {
    std::mutex mutex;
    std::deque<std::string> words;
    Handle arrived{::CreateEventW(nullptr, TRUE, FALSE, nullptr)};

    void post(std::string word) {
        const std::lock_guard lock(mutex);
        words.push_back(std::move(word));
        ::SetEvent(arrived.get());
    }
    std::string take() {
        const std::lock_guard lock(mutex);
        if (words.empty()) return {};
        auto word = std::move(words.front());
        words.pop_front();
        if (words.empty()) ::ResetEvent(arrived.get());
        return word;
    }
};

class LoopbackSocket final : public Loopback {
  public:
    LoopbackSocket(Socket socket, Handle arrived, std::uint16_t port, std::chrono::seconds patience)
        : socket_(std::move(socket)), arrived_(std::move(arrived)), port_(port), patience_(patience) {}

    std::uint16_t port() const override { return port_; }

    Result<Event> next(int typed, std::chrono::milliseconds patience) override {
        if (typed >= 0 && !typing_) listen_to(typed);
        const auto end = std::chrono::steady_clock::now() + patience;
        for (;;) {
            const auto left =
                std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()).count();
            if (left <= 0) return Error{Fault::timeout, "Nobody came.", {}};
            std::array<HANDLE, 2> waiting{arrived_.get(), typed >= 0 ? typing_->arrived.get() : nullptr};
            const DWORD which = ::WaitForMultipleObjects(typed >= 0 ? 2 : 1, waiting.data(), FALSE,
                                                         static_cast<DWORD>(std::min<long long>(left, 60'000)));
            if (which == WAIT_TIMEOUT) continue;
            if (which == WAIT_OBJECT_0 + 1) return Event{nullptr, typing_->take()};
            if (which != WAIT_OBJECT_0) return Error{Fault::io, "Waiting for somebody failed.", socket_words()};
            WSANETWORKEVENTS events{};
            ::WSAEnumNetworkEvents(socket_.get(), arrived_.get(), &events);
            Socket visitor(::accept(socket_.get(), nullptr, nullptr));
            if (!visitor.open()) continue;
            // It inherits that it does not block.
            ::WSAEventSelect(visitor.get(), nullptr, 0);
            u_long off = 0;
            ::ioctlsocket(visitor.get(), static_cast<long>(FIONBIO), &off);
            return Event{connection_over(std::move(visitor), patience_), {}};
        }
    }

  private:
    void listen_to(int typed) {
        typing_ = std::make_shared<Typing>();
        std::thread([typing = typing_, typed] {
            std::array<char, 4096> buffer;
            for (;;) {
                const int got = ::_read(typed, buffer.data(), static_cast<unsigned>(buffer.size()));
                if (got <= 0) return typing->post({});
                typing->post({buffer.data(), static_cast<std::size_t>(got)});
            }
        }).detach();
    }

    Socket socket_;
    Handle arrived_;
    std::uint16_t port_;
    std::chrono::seconds patience_;
    std::shared_ptr<Typing> typing_;
};

}  // namespace

Result<std::unique_ptr<Loopback>> listen_on_loopback(std::chrono::seconds visitor_patience) {
    const auto failed = [] {
        return Error{Fault::io, "No port of this machine's own could be opened.", socket_words()};
    };
    Socket made = make_socket(AF_INET, SOCK_STREAM);
    if (!made.open()) return failed();
    const DWORD on = 1;
    ::setsockopt(made.get(), SOL_SOCKET, SO_EXCLUSIVEADDRUSE, reinterpret_cast<const char*>(&on), sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
    int size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    Handle arrived(::CreateEventW(nullptr, TRUE, FALSE, nullptr));
    if (::bind(made.get(), generic, size) != 0 || ::listen(made.get(), 4) != 0 ||
        ::getsockname(made.get(), generic, &size) != 0 || !arrived.open() ||
        ::WSAEventSelect(made.get(), arrived.get(), FD_ACCEPT) != 0) {
        return failed();
    }
    const std::uint16_t port = ::ntohs(address.sin_port);
    return std::unique_ptr<Loopback>(
        std::make_unique<LoopbackSocket>(std::move(made), std::move(arrived), port, visitor_patience));
}

}  // namespace steward::platform
