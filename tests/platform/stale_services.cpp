// Services that run what an update has replaced: who tells of them, and what is said when nobody can.
#include "platform/linux/stale_services.h"

#include <gtest/gtest.h>

#include "tests/support/temporary_directory.h"

namespace steward::platform {
namespace {

// needrestart, dnf, and a systemd that calls the unit.
struct PlayedTools final : Processes {
    std::string output, errors;
    int code = 0;
    std::function<void()> unit = [] {};
    std::vector<std::vector<std::string>> asked;
    Result<Ended> run(const Command& command) override {
        asked.push_back(command.arguments);
        if (command.arguments[0] == "/usr/bin/systemctl") {
            unit();
            return Ended{code, "", errors};
        }
        return Ended{code, output, errors};
    }
};

class StaleServicesTest : public ::testing::Test {
  protected:
    StaleServicesTest() {
        root_.write("/usr/bin/apt-config", "");
        root_.write("/usr/sbin/needrestart", "");
    }
    std::vector<std::string> told() {
        tools_.unit = [this] { EXPECT_TRUE(services_.look()); };
        const auto names = services_.names();
        EXPECT_TRUE(names) << names.error().what;
        return names ? *names : std::vector<std::string>();
    }

    test::TemporaryDirectory root_;
    Files files_{root_.path()};
    PlayedTools tools_;
    PackageManagers packages_{files_, tools_};
    LinuxStaleServices services_{files_, tools_, packages_, true};
};

TEST_F(StaleServicesTest, WhatNeedrestartTells) {
    tools_.output =
        "NEEDRESTART-VER: 3.6\nNEEDRESTART-KCUR: 6.1.0-41-amd64\nNEEDRESTART-KSTA: 1\n"
        "NEEDRESTART-SVC: cron.service\nNEEDRESTART-SVC: ssh.service\nNEEDRESTART-SESS: anna @ session #2\n";
    EXPECT_EQ(told(), (std::vector<std::string>{"cron.service", "ssh.service"}));
    EXPECT_EQ(tools_.asked.back(), (std::vector<std::string>{"/usr/sbin/needrestart", "-b", "-l", "-r", "l"}))
        << "none is restarted by asking";
    tools_.output = "NEEDRESTART-VER: 3.6\n";
    EXPECT_TRUE(told().empty()) << "each time it is asked anew";
}

TEST_F(StaleServicesTest, WhatDnfTells) {
    std::filesystem::remove(root_.below("/usr/bin/apt-config"));
    root_.write("/usr/bin/dnf", "");
    tools_.output = "crond.service\nsshd.service\n";
    EXPECT_EQ(told(), (std::vector<std::string>{"crond.service", "sshd.service"}));
    tools_.output = "";
    tools_.errors = "No such command: needs-restarting. Please use /usr/bin/dnf --help\n";
    tools_.unit = [this] {
        tools_.code = 1;
        EXPECT_TRUE(services_.look());
        tools_.code = 0;
    };
    const auto none = services_.names();
    EXPECT_EQ(none.error().fault, Fault::unsupported);
    EXPECT_NE(none.error().what.find("dnf-plugins-core"), std::string::npos) << none.error().what;
}

TEST_F(StaleServicesTest, WithoutAToolNobodyKnowsAndThePackageIsNamed) {
    std::filesystem::remove(root_.below("/usr/sbin/needrestart"));
    tools_.unit = [this] { EXPECT_TRUE(services_.look()); };
    const auto none = services_.names();
    EXPECT_EQ(none.error().fault, Fault::unsupported);
    EXPECT_NE(none.error().what.find("install the package needrestart"), std::string::npos) << none.error().what;
}

TEST_F(StaleServicesTest, WhatCouldNotBeLookedForIsNotWhatWasFoundBefore) {
    tools_.output = "NEEDRESTART-SVC: cron.service\n";
    EXPECT_EQ(told().size(), 1U);
    tools_.unit = [this] { tools_.code = 1; };
    tools_.errors = "Job for steward-stale.service failed.\n";
    EXPECT_EQ(services_.names().error().fault, Fault::io);
    LinuxStaleServices elsewhere(files_, tools_, packages_, false);
    EXPECT_EQ(elsewhere.names().error().fault, Fault::unsupported);
}

}  // namespace
}  // namespace steward::platform
