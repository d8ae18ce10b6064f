// The bus against a real dbus-daemon, with an echo of our own as the service.
#include "platform/linux/bus.h"

#include <gtest/gtest.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <thread>

#include "tests/support/private_bus.h"
#include "tests/support/scripted_bus.h"

namespace steward::platform {
namespace {

constexpr auto service = "org.example.Echo";

// Answers Echo with the arguments, Refuse with an error of this name, and Silence never.
class Echo {
  public:
    explicit Echo(const std::string& address) {
        sd_bus_new(&bus_);
        sd_bus_set_address(bus_, address.c_str());
        sd_bus_set_bus_client(bus_, 1);
        sd_bus_negotiate_fds(bus_, 1);
        ready_ = sd_bus_start(bus_) >= 0 && sd_bus_request_name(bus_, service, 0) >= 0 &&
                 sd_bus_add_object(bus_, nullptr, "/echo", handle, nullptr) >= 0;
        if (ready_) thread_ = std::thread([this] { serve(); });
    }
    ~Echo() {
        stopped_ = true;
        if (thread_.joinable()) thread_.join();
        sd_bus_flush_close_unref(bus_);
    }
    Echo(const Echo&) = delete;
    Echo& operator=(const Echo&) = delete;
    bool ready() const { return ready_; }

  private:
    void serve() {
        while (!stopped_) {
            const int code = sd_bus_process(bus_, nullptr);
            if (code < 0) return;
            if (code == 0) sd_bus_wait(bus_, 20'000);
        }
    }
    static int handle(sd_bus_message* call, void*, sd_bus_error*) {
        const std::string member = sd_bus_message_get_member(call);
        if (member == "Silence") return 1;
        if (member == "Refuse") return sd_bus_reply_method_errorf(call, "org.example.Error.AccessDenied", "not you");
        sd_bus_message* answer = nullptr;
        int code = sd_bus_message_new_method_return(call, &answer);
        if (code >= 0 && sd_bus_message_is_empty(call) == 0) code = sd_bus_message_copy(answer, call, 1);
        if (code >= 0) code = sd_bus_send(nullptr, answer, nullptr);
        sd_bus_message_unref(answer);
        return code < 0 ? code : 1;
    }

    sd_bus* bus_ = nullptr;
    bool ready_ = false;
    std::atomic<bool> stopped_ = false;
    std::thread thread_;
};

BusCall echo(BusValues arguments) {
    return {service, "/echo", "org.example.Echo", "Echo", std::move(arguments)};
}

class BusTest : public ::testing::Test {
  protected:
    void SetUp() override { ASSERT_TRUE(daemon_.runs()) << "dbus-daemon is needed: install the package dbus-daemon"; }

    test::PrivateBus daemon_;
    SystemBus bus_{daemon_.address()};
};

TEST_F(BusTest, EveryTypeComesBackAsItWent) {
    const Echo service_thread(daemon_.address());
    ASSERT_TRUE(service_thread.ready());
    const BusValues values = {
        BusValue::text("Gr\xc3\xbc\xc3\x9f\x65"),
        BusValue::path("/org/example"),
        BusValue("g", std::string("a{sv}")),
        BusValue::bytes(std::string("\0\x01\xff", 3)),
        BusValue::bytes(""),
        BusValue::boolean(true),
        BusValue("y", std::uint64_t{255}),
        BusValue("n", std::int64_t{-32768}),
        BusValue("q", std::uint64_t{65535}),
        BusValue::int32(-2147483647),
        BusValue::uint32(4294967295U),
        BusValue::int64(-9223372036854775807),
        BusValue::uint64(18446744073709551615U),
        BusValue::real(0.25),
        BusValue::texts({"a", "b"}),
        BusValue::array("(susso)", {}),
        BusValue::structure({BusValue::text("poweroff"), BusValue::uint64(7)}),
        BusValue::variant(BusValue::texts({})),
        BusValue::variants({{"ssid", BusValue::bytes("corp")}, {"hidden", BusValue::boolean(false)}}),
        BusValue::dictionary("a{sv}", {{"connection", BusValue::variants({{"id", BusValue::text("corp")}})}}),
    };
    const auto answer = bus_.call(echo(values));
    ASSERT_TRUE(answer) << answer.error().what << answer.error().evidence;
    ASSERT_EQ(answer->size(), values.size());
    for (std::size_t i = 0; i < values.size(); ++i) EXPECT_EQ((*answer)[i], values[i]) << values[i].type();
}

TEST_F(BusTest, ADescriptorOutlivesItsMessage) {
    const Echo service_thread(daemon_.address());
    ASSERT_TRUE(service_thread.ready());
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    {
        const BusValue mine("h", std::make_shared<const BusDescriptor>(ends[1]));
        const auto answer = bus_.call(echo({mine}));
        ASSERT_TRUE(answer) << answer.error().what << answer.error().evidence;
        const auto back = answer->front().as_descriptor();
        ASSERT_NE(back, nullptr);
        EXPECT_NE(back->file(), ends[1]);
        EXPECT_EQ(::write(back->file(), "x", 1), 1);
    }
    char byte = 0;
    EXPECT_EQ(::read(ends[0], &byte, 1), 1);
    EXPECT_EQ(::read(ends[0], &byte, 1), 0) << "somebody still holds the other end";
    ::close(ends[0]);
}

TEST_F(BusTest, PropertiesAreReadUnwrapped) {
    const BusObject daemon{"org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus"};
    const auto features = get_property(bus_, daemon, "Features");
    ASSERT_TRUE(features) << features.error().what;
    EXPECT_EQ(features->type(), "as");
    const auto missing = get_property(bus_, daemon, "NoSuchThing");
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().fault, Fault::unsupported);
}

TEST_F(BusTest, AServiceThatIsNotThereIsUnsupported) {
    const auto answer = bus_.call({"org.example.Nobody", "/", "org.example.Nobody", "Call"});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().fault, Fault::unsupported);
    EXPECT_NE(answer.error().what.find("org.example.Nobody does not run here"), std::string::npos)
        << answer.error().what;
}

TEST_F(BusTest, TheServicesOwnWordsAreTheEvidence) {
    const Echo service_thread(daemon_.address());
    ASSERT_TRUE(service_thread.ready());
    auto call = echo({BusValue::text("hush")});
    call.member = "Refuse";
    const auto answer = bus_.call(call);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().fault, Fault::denied);
    EXPECT_EQ(answer.error().evidence, "org.example.Error.AccessDenied: not you");
    EXPECT_EQ(answer.error().what.find("hush"), std::string::npos);
}

TEST_F(BusTest, AServiceThatIsSilentTimesOut) {
    const Echo service_thread(daemon_.address());
    ASSERT_TRUE(service_thread.ready());
    auto call = echo({});
    call.member = "Silence";
    call.timeout = std::chrono::milliseconds(50);
    const auto answer = bus_.call(call);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().fault, Fault::timeout) << answer.error().evidence;
    EXPECT_TRUE(bus_.call(echo({})));
}

TEST_F(BusTest, AValueThatItsTypeDoesNotFitIsRefusedBeforeItIsSent) {
    for (const auto& wrong : {BusValue("o", std::string("no path")), BusValue("s", std::uint64_t{1}),
                              BusValue::text(std::string("a\0b", 3)), BusValue("(s", BusValues{BusValue::text("x")}),
                              BusValue("v", BusValues{}), BusValue("", true), BusValue("u", BusValues{}),
                              BusValue::array("s", {BusValue::boolean(true)}), BusValue::text("\xff")}) {
        const auto answer = bus_.call(echo({wrong}));
        ASSERT_FALSE(answer) << wrong.type();
        EXPECT_EQ(answer.error().fault, Fault::invalid) << wrong.type() << answer.error().what;
    }
}

TEST_F(BusTest, ABusThatGoesAwayIsFoundAgain) {
    const BusCall list{"org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "ListNames"};
    ASSERT_TRUE(bus_.call(list));
    daemon_.stop();
    const auto gone = bus_.call(list);
    ASSERT_FALSE(gone);
    EXPECT_EQ(gone.error().fault, Fault::unsupported) << gone.error().evidence;
    EXPECT_NE(gone.error().what.find("can't be reached"), std::string::npos);
    daemon_.start();
    const auto again = bus_.call(list);
    EXPECT_TRUE(again) << again.error().what << again.error().evidence;
}

TEST(Bus, WithoutOneThereIsAReasonAndARemedy) {
    SystemBus bus("unix:path=/nonexistent/bus");
    const auto answer = bus.call({"org.freedesktop.NetworkManager", "/", "a.b", "C"});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().fault, Fault::unsupported);
    EXPECT_NE(answer.error().what.find("org.freedesktop.NetworkManager needs"), std::string::npos);
    AbsentBus none;
    EXPECT_EQ(none.call({"a.b", "/", "a.b", "C"}).error().fault, Fault::unsupported);
}

TEST(Bus, TheNameOfAnErrorSaysItsFault) {
    EXPECT_EQ(fault_of_bus_error("org.freedesktop.DBus.Error.NoReply"), Fault::timeout);
    EXPECT_EQ(fault_of_bus_error("org.freedesktop.login1.NoSuchSession"), Fault::not_found);
    EXPECT_EQ(fault_of_bus_error("org.freedesktop.NetworkManager.PermissionDenied"), Fault::denied);
    EXPECT_EQ(fault_of_bus_error("org.freedesktop.NetworkManager.Connection.InvalidProperty"), Fault::invalid);
    EXPECT_EQ(fault_of_bus_error("org.example.Surprise"), Fault::io);
    EXPECT_EQ(fault_of_bus_error(""), Fault::io);
}

TEST(Bus, ValuesAnswerNothingWhenTheyAreOfAnotherKind) {
    const auto number = BusValue::variant(BusValue::int32(-3));
    EXPECT_EQ(number.as_integer(), -3);
    EXPECT_FALSE(number.as_unsigned());
    EXPECT_FALSE(number.as_text());
    EXPECT_FALSE(BusValue::bytes("x").as_text());
    EXPECT_FALSE(BusValue::text("x").as_bytes());
    EXPECT_FALSE(BusValue::uint64(18446744073709551615U).as_integer());
    EXPECT_TRUE(BusValue::text("x").elements().empty());
    const auto settings =
        BusValue::dictionary("a{sv}", {{"wifi", BusValue::variants({{"mode", BusValue::text("ap")}})}});
    ASSERT_NE(settings.at("wifi"), nullptr);
    ASSERT_NE(settings.at("wifi")->at("mode"), nullptr);
    EXPECT_EQ(settings.at("wifi")->at("mode")->as_text(), "ap");
    EXPECT_EQ(settings.at("ipv4"), nullptr);
    EXPECT_EQ(settings.keys(), std::vector<std::string>{"wifi"});
}

}  // namespace
}  // namespace steward::platform
