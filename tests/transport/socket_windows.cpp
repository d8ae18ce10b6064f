#include <winsock2.h>

#include "tests/transport/socket.h"

namespace steward::test {
namespace {

SOCKET native(Socket socket) {
    return static_cast<SOCKET>(socket);
}

// libcurl starts it too, but not before a test has its server.
void start() {
    static const int started = [] {
        WSADATA data;
        return ::WSAStartup(MAKEWORD(2, 2), &data);
    }();
    (void)started;
}

}  // namespace

Socket listen_here(int& port) {
    start();
    const SOCKET listener = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener, generic, size) != 0 || ::listen(listener, 8) != 0 ||
        ::getsockname(listener, generic, &size) != 0) {
        return no_socket;
    }
    port = ntohs(address.sin_port);
    return static_cast<Socket>(listener);
}

Socket accept_from(Socket listener) {
    return static_cast<Socket>(::accept(native(listener), nullptr, nullptr));
}

// Here nothing but its end wakes who accepts, and what is closed once more was closed already.
void end_listening(Socket listener) {
    close_socket(listener);
}

void end_both_ways(Socket socket) {
    ::shutdown(native(socket), SD_BOTH);
}

void end_writing(Socket socket) {
    ::shutdown(native(socket), SD_SEND);
}

void close_socket(Socket socket) {
    ::closesocket(native(socket));
}

int receive(Socket socket, char* to, std::size_t size) {
    return ::recv(native(socket), to, static_cast<int>(size), 0);
}

void send_all(Socket socket, std::string_view bytes) {
    (void)::send(native(socket), bytes.data(), static_cast<int>(bytes.size()), 0);
}

void let_writes_fail() {}

}  // namespace steward::test
