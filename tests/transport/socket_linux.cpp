#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>

#include "tests/transport/socket.h"

namespace steward::test {

Socket listen_here(int& port) {
    const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener, generic, size) != 0 || ::listen(listener, 8) != 0 ||
        ::getsockname(listener, generic, &size) != 0) {
        return no_socket;
    }
    port = ntohs(address.sin_port);
    return listener;
}

Socket accept_from(Socket listener) {
    return ::accept(static_cast<int>(listener), nullptr, nullptr);
}

void end_listening(Socket listener) {
    end_both_ways(listener);
}

void end_both_ways(Socket socket) {
    ::shutdown(static_cast<int>(socket), SHUT_RDWR);
}

void end_writing(Socket socket) {
    ::shutdown(static_cast<int>(socket), SHUT_WR);
}

void close_socket(Socket socket) {
    ::close(static_cast<int>(socket));
}

int receive(Socket socket, char* to, std::size_t size) {
    return static_cast<int>(::recv(static_cast<int>(socket), to, size, 0));
}

void send_all(Socket socket, std::string_view bytes) {
    (void)::send(static_cast<int>(socket), bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

void let_writes_fail() {
    sigset_t broken_pipe;  // OpenSSL writes to clients that have gone
    sigemptyset(&broken_pipe);
    sigaddset(&broken_pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
}

}  // namespace steward::test
