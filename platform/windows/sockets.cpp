#include "platform/windows/sockets.h"

#include <algorithm>

#include "platform/windows/failure.h"

namespace steward::platform {
namespace {

class TcpConnection final : public Connection {
  public:
    TcpConnection(Socket socket, std::chrono::seconds patience) : socket_(std::move(socket)) {
        const auto limit = static_cast<DWORD>(std::chrono::milliseconds(patience).count());
        const auto* bytes = reinterpret_cast<const char*>(&limit);
        ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, bytes, sizeof limit);
        ::setsockopt(socket_.get(), SOL_SOCKET, SO_SNDTIMEO, bytes, sizeof limit);
        visitor_.user = static_cast<unsigned>(-1);  // TCP does not tell
    }

    Result<std::string> read(std::size_t most) override {
        std::string bytes(std::min<std::size_t>(most, 1u << 20), '\0');
        const int count = ::recv(socket_.get(), bytes.data(), static_cast<int>(bytes.size()), 0);
        if (count < 0) {
            const bool late = socket_error() == WSAETIMEDOUT;
            return Error{late ? Fault::timeout : Fault::io, "The other end could not be read.", socket_words()};
        }
        bytes.resize(static_cast<std::size_t>(count));
        return bytes;
    }

    Outcome write(std::string_view bytes) override {
        while (!bytes.empty()) {
            const int part = static_cast<int>(std::min<std::size_t>(bytes.size(), 1u << 20));
            const int count = ::send(socket_.get(), bytes.data(), part, 0);
            if (count <= 0) return Error{Fault::io, "The other end does not listen any more.", socket_words()};
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
        return {};
    }

    const Visitor& visitor() const override { return visitor_; }
    void shut() override { ::shutdown(socket_.get(), SD_BOTH); }

  private:
    Socket socket_;
    Visitor visitor_;
};

}  // namespace

Socket make_socket(int family, int kind) {
    static const int started = [] {
        WSADATA data{};
        return ::WSAStartup(MAKEWORD(2, 2), &data);
    }();
    if (started != 0) {
        ::WSASetLastError(started);
        return Socket();
    }
    return Socket(::WSASocketW(family, kind, 0, nullptr, 0, WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT));
}

unsigned long socket_error() {
    return static_cast<unsigned long>(::WSAGetLastError());
}

std::string socket_words() {
    return words_of(socket_error());
}

std::unique_ptr<Connection> connection_over(Socket socket, std::chrono::seconds patience) {
    return std::make_unique<TcpConnection>(std::move(socket), patience);
}

}  // namespace steward::platform
