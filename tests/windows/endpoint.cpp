// The control pipe: who may have its name, and what is known of who calls. Its conversations are tested in
// tests/control.
#include "platform/endpoint.h"

#include <gtest/gtest.h>

#include <future>

#include "platform/places.h"
#include "tests/support/temporary_directory.h"

namespace steward::platform {
namespace {

using std::chrono::seconds;

struct WindowsPipe : testing::Test {
    test::TemporaryDirectory root;
    std::string place = control_place(root.path());
};

TEST_F(WindowsPipe, EachRootHasOneOfItsOwn) {
    EXPECT_EQ(control_place("/"), "\\\\.\\pipe\\Steward");
    EXPECT_TRUE(place.starts_with("\\\\.\\pipe\\Steward-")) << place;
    EXPECT_NE(place, control_place(test::TemporaryDirectory().path()));
}

TEST_F(WindowsPipe, BelongsToOneServiceWhileItLives) {
    EXPECT_EQ(connect_to(place, seconds(1)).error().fault, Fault::not_found);
    auto service = listen_at(place, seconds(5));
    ASSERT_TRUE(service) << service.error().what << service.error().evidence;
    EXPECT_FALSE(listen_at(place, seconds(5)));
    service->reset();
    EXPECT_TRUE(listen_at(place, seconds(5)));
}

TEST_F(WindowsPipe, CarriesBytesBothWaysAndKnowsWhoCalls) {
    auto service = listen_at(place, seconds(10));
    ASSERT_TRUE(service);
    auto served = std::async(std::launch::async, [&]() -> std::string {
        auto connection = (*service)->accept();
        if (!connection) return connection.error().what;
        std::string heard;
        while (heard.size() < 100'000) {
            auto bytes = (*connection)->read(4096);
            if (!bytes || bytes->empty()) return "cut off";
            heard += *bytes;
        }
        EXPECT_TRUE((*connection)->visitor().administrator) << "who runs the service may command it";
        EXPECT_TRUE((*connection)->write(heard));
        return "served";
    });
    auto caller = connect_to(place, seconds(10));
    ASSERT_TRUE(caller);
    const std::string sent(100'000, 'x');
    auto writing = std::async(std::launch::async, [&] { return (*caller)->write(sent).ok(); });
    std::string back;
    while (back.size() < sent.size()) {
        auto bytes = (*caller)->read(64u << 10);
        ASSERT_TRUE(bytes && !bytes->empty());
        back += *bytes;
    }
    EXPECT_TRUE(writing.get());
    EXPECT_EQ(served.get(), "served");
    EXPECT_EQ(back, sent);
    EXPECT_EQ(*(*caller)->read(10), "") << "the other end is done";
}

TEST_F(WindowsPipe, ClosingEndsAWaitAndSilenceEndsARead) {
    auto service = listen_at(place, seconds(1));
    ASSERT_TRUE(service);
    auto caller = connect_to(place, seconds(1));
    ASSERT_TRUE(caller);
    auto connection = (*service)->accept();
    ASSERT_TRUE(connection);
    EXPECT_EQ((*connection)->read(10).error().fault, Fault::timeout);
    (*connection)->shut();
    EXPECT_EQ(*(*connection)->read(10), "");
    auto waiting = std::async(std::launch::async, [&] { return (*service)->accept().error().fault; });
    (*service)->close();
    EXPECT_EQ(waiting.get(), Fault::interrupted);
}

}  // namespace
}  // namespace steward::platform
