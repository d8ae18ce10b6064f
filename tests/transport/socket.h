// Sockets of a test's server, as this system has them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace steward::test {

using Socket = std::intptr_t;
inline constexpr Socket no_socket = -1;

Socket listen_here(int& port);        // at 127.0.0.1; no_socket: it can't
Socket accept_from(Socket listener);  // no_socket: the listener has ended
void end_listening(Socket listener);  // wakes who accepts; close_socket() is still to follow
void end_both_ways(Socket socket);    // wakes who reads
void end_writing(Socket socket);
void close_socket(Socket socket);
int receive(Socket socket, char* to, std::size_t size);  // 0: the end; negative: broken
void send_all(Socket socket, std::string_view bytes);
void let_writes_fail();  // for this thread: writing to one who has gone is no signal

}  // namespace steward::test
