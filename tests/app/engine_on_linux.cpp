// What wakes the service on Linux alone.
#include <filesystem>
#include <fstream>

#include "tests/app/engine.h"

namespace steward::app {
namespace {

TEST_F(EngineTest, ALoginStartsASessionWhereTheServerWantsThat) {
    add_account();
    const std::filesystem::path sessions_of_people = root.path() + "/run/systemd/sessions";
    std::filesystem::create_directories(sessions_of_people);
    server.queue(
        "<Replace><CmdID>%ID%</CmdID><Item><Target><LocURI>./Device/Vendor/MSFT/DMClient/Provider/corp/Poll/"
        "PollOnLogin</LocURI></Target><Meta><Format xmlns=\"syncml:metinf\">bool</Format></Meta><Data>true"
        "</Data></Item></Replace>");
    begin();
    ASSERT_TRUE(wish("corp"));
    const auto sessions = server.sessions();
    {
        std::ofstream session(sessions_of_people / "3");
        session << "USER=ann\nCLASS=user\nSTATE=active\n";
    }
    mailbox.post(Letter(platform::Changed::logins));
    EXPECT_TRUE(server.wait_for_sessions(sessions + 1));
    mailbox.post(Letter(platform::Changed::logins));  // nobody new
    end();
    EXPECT_EQ(server.sessions(), sessions + 1);
}

}  // namespace
}  // namespace steward::app
