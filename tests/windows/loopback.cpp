#include "platform/loopback.h"

#include <winsock2.h>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <io.h>

#include <array>

#include "platform/datagrams.h"
#include "platform/windows/sockets.h"

namespace steward::platform {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Socket connected_to(std::uint16_t port, int kind = SOCK_STREAM) {
    Socket socket = make_socket(AF_INET, kind);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
    address.sin_port = ::htons(port);
    EXPECT_EQ(::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    return socket;
}

TEST(WindowsLoopback, AVisitorOrWhatIsTypedWhateverComesFirst) {
    auto port = listen_on_loopback(seconds(5));
    ASSERT_TRUE(port) << port.error().what << port.error().evidence;
    EXPECT_EQ((*port)->next(-1, milliseconds(20)).error().fault, Fault::timeout);
    int ends[2];
    ASSERT_EQ(::_pipe(ends, 4096, _O_BINARY), 0);
    const Socket caller = connected_to((*port)->port());
    ASSERT_EQ(::send(caller.get(), "hello", 5, 0), 5);
    auto event = (*port)->next(ends[0], seconds(10));
    ASSERT_TRUE(event);
    ASSERT_TRUE(event->visitor);
    EXPECT_EQ(*event->visitor->read(100), "hello");
    ASSERT_TRUE(event->visitor->write("bye"));
    std::array<char, 10> answer{};
    EXPECT_EQ(::recv(caller.get(), answer.data(), 10, 0), 3);
    ASSERT_EQ(::_write(ends[1], "typed\n", 6), 6);
    event = (*port)->next(ends[0], seconds(10));
    ASSERT_TRUE(event);
    EXPECT_EQ(event->typed, "typed\n");
    ::_close(ends[1]);
    event = (*port)->next(ends[0], seconds(10));
    ASSERT_TRUE(event);
    EXPECT_EQ(event->typed, "") << "there will be no more";
    EXPECT_EQ((*port)->next(-1, milliseconds(20)).error().fault, Fault::timeout);
}

TEST(WindowsDatagrams, ArriveWholeOrNotAtAll) {
    std::uint16_t bound = 0;
    auto port = listen_on(0, &bound);
    ASSERT_TRUE(port) << port.error().what << port.error().evidence;
    const Socket caller = connected_to(bound, SOCK_DGRAM);
    ASSERT_GT(::send(caller.get(), std::string(200, 'x').data(), 200, 0), 0);
    ASSERT_GT(::send(caller.get(), "small", 5, 0), 0);
    EXPECT_EQ(*(*port)->next(100), "small") << "what is too large is dropped unseen";
    EXPECT_EQ(listen_on(bound).error().fault, Fault::busy);
    (*port)->close();
    EXPECT_EQ((*port)->next(100).error().fault, Fault::interrupted);
}

}  // namespace
}  // namespace steward::platform
