// Winsock, and what every socket of ours needs. Source: Winsock reference (WSAStartup, WSAEventSelect).
#pragma once

#include <winsock2.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "platform/endpoint.h"

namespace steward::platform {

class Socket {
  public:
    Socket() = default;
    explicit Socket(SOCKET socket) : socket_(socket) {}
    ~Socket() {
        if (open()) ::closesocket(socket_);
    }
    Socket(Socket&& other) noexcept : socket_(std::exchange(other.socket_, INVALID_SOCKET)) {}
    Socket& operator=(Socket&& other) noexcept {
        std::swap(socket_, other.socket_);
        return *this;
    }
    bool open() const { return socket_ != INVALID_SOCKET; }
    SOCKET get() const { return socket_; }

  private:
    SOCKET socket_ = INVALID_SOCKET;
};

Socket make_socket(int family, int kind);  // starts Winsock where that is still to be done
std::string socket_words();                // what the last call on a socket failed of
unsigned long socket_error();

// Over a stream socket that is connected and blocks.
std::unique_ptr<Connection> connection_over(Socket socket, std::chrono::seconds patience);

}  // namespace steward::platform
