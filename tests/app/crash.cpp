// kill -9 at every call by which an Atomic of twenty settings reaches the device: after a restart the device is as it
// was before, or as it should be after, and never in between.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/store/database.h"
#include "agent/tree/tree.h"
#include "csp/contents.h"
#include "platform/linux/host.h"
#include "tests/support/debian_root.h"
#include "tests/support/snapshot.h"
#include "tests/support/temporary_directory.h"

namespace steward {
namespace {

class KillingCalls final : public platform::Calls {
  public:
    explicit KillingCalls(int nth) : nth_(nth) {}
    ssize_t write(int file, const char* data, std::size_t size) override {
        count();
        return Calls::write(file, data, size);
    }
    int sync(int file) override {
        count();
        return Calls::sync(file);
    }
    int rename_at(int directory, const char* from, const char* to) override {
        count();
        return Calls::rename_at(directory, from, to);
    }
    int unlink_at(int directory, const char* name, int flags) override {
        count();
        return Calls::unlink_at(directory, name, flags);
    }
    int make_directory_at(int directory, const char* name, mode_t mode) override {
        count();
        return Calls::make_directory_at(directory, name, mode);
    }

  private:
    void count() {
        if (++made_ == nth_) ::raise(SIGKILL);
    }
    int nth_, made_ = 0;
};

std::vector<tree::Operation> atomic() {
    std::vector<tree::Operation> operations;
    const auto set = [&](const std::string& uri, const std::string& data) {
        tree::Operation operation;
        operation.verb = tree::Verb::replace;
        operation.uri = uri;
        operation.data = data;
        operations.push_back(std::move(operation));
    };
    const std::string lock = "./Device/Vendor/MSFT/Policy/Config/DeviceLock/";
    for (const auto& [name, value] :
         std::vector<std::pair<std::string, std::string>>{{"MinDevicePasswordLength", "10"},
                                                          {"MinDevicePasswordComplexCharacters", "3"},
                                                          {"AllowSimpleDevicePassword", "0"},
                                                          {"PasswordComplexity", "1"},
                                                          {"DevicePasswordHistory", "12"},
                                                          {"DevicePasswordExpiration", "180"},
                                                          {"MinimumPasswordAge", "1"},
                                                          {"MaxDevicePasswordFailedAttempts", "8"},
                                                          {"AllowAdministratorLockout", "1"},
                                                          {"MaxInactivityTimeDeviceLock", "15"}}) {
        set(lock + name, value);
    }
    for (const char* name : {"EntDeviceName", "EntDMID", "ExchangeID", "UPN", "HelpWebsite", "HelpPhoneNumber",
                             "HelpEmailAddress", "PublisherDeviceID", "CommercialID", "Push/PFN"}) {
        set("./Device/Vendor/MSFT/DMClient/Provider/corp/" + std::string(name), "x");
    }
    return operations;
}

struct Life {  // one process's worth of agent
    SystemClock clock;
    std::unique_ptr<store::Database> database;
    platform::LinuxHost host;
    store::Policies policies;
    store::Actions actions;
    tree::Tree tree;

    Life(const std::string& root, const std::string& file, platform::Calls& calls)
        : database(std::move(*store::Database::open(file))),
          host({root, "D"}, clock, calls),
          policies(clock, database.get()),
          actions(clock, database.get()),
          tree(csp::contents(host.host()), (static_cast<void>(policies.load()), policies), actions) {}
};

TEST(Crash, ATO_06_SES_16_KilledAtEveryCallNothingIsHalfDone) {
    test::TemporaryDirectory pristine, finished;
    test::make_debian_root(pristine.path());
    test::make_debian_root(finished.path());
    const auto before = test::snapshot_of(pristine.path());
    {
        test::TemporaryDirectory state;
        Life life(finished.path(), state.below("/db").string(), platform::system_calls());
        for (const auto& answer : life.tree.run_atomic({"corp", "1"}, atomic())) {
            ASSERT_EQ(answer.state, tree::Answer::State::done) << answer.error.what << " " << answer.error.evidence;
        }
    }
    const auto after = test::snapshot_of(finished.path());
    ASSERT_NE(before, after);
    int undone = 0, done = 0;
    for (int nth = 1;; ++nth) {
        test::TemporaryDirectory root, state;
        test::make_debian_root(root.path());
        const std::string file = state.below("/db").string();
        const pid_t child = ::fork();
        ASSERT_GE(child, 0);
        if (child == 0) {
            KillingCalls calls(nth);
            Life life(root.path(), file, calls);
            (void)life.tree.run_atomic({"corp", "1"}, atomic());
            ::_exit(0);
        }
        int status = 0;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        Life life(root.path(), file, platform::system_calls());
        const auto sweep = life.tree.sweep();
        EXPECT_TRUE(sweep.failed.empty()) << "call " << nth << ": " << sweep.failed.front().what;
        const bool committed = !life.policies.all().empty();
        auto now = test::snapshot_of(root.path());
        // What a killed process may leave: its temporary file, which nobody reads, and a directory still empty.
        std::erase_if(now, [&](const auto& entry) {
            const bool empty = entry.second.starts_with("directory") && !committed;
            return !before.contains(entry.first) && (empty || !after.contains(entry.first));
        });
        EXPECT_TRUE(now == (committed ? after : before)) << "call " << nth << ": neither old nor new";
        (committed ? done : undone) += 1;
        if (WIFEXITED(status)) break;
        ASSERT_EQ(WTERMSIG(status), SIGKILL);
        ASSERT_LT(nth, 1000);
    }
    EXPECT_GT(undone, 5);
    EXPECT_EQ(done, 1);  // only the one that was not killed
}

}  // namespace
}  // namespace steward
