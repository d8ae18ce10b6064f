// Linux keeps the promises of Record<PasswordRules>.
#include <gtest/gtest.h>

#include "platform/linux/files.h"
#include "platform/linux/passwords.h"
#include "platform/linux/processes.h"
#include "tests/contracts/password_record.h"
#include "tests/contracts/rules.h"
#include "tests/support/debian_root.h"
#include "tests/support/snapshot.h"
#include "tests/support/temporary_directory.h"

namespace steward::platform {
namespace {

class OnLinux {
  public:
    OnLinux() { test::make_debian_root(root_.path()); }
    Record<PasswordRules>& record() { return passwords_; }
    std::string state() const { return flat(test::snapshot_of(root_.path())); }
    std::string touched() const { return flat(test::change_times_of(root_.path())); }

    static PasswordRules every_rule() { return test::every_rule(); }
    static PasswordRules some_rules(std::mt19937& random) { return test::some_rules(random); }

  private:
    static std::string flat(const test::Snapshot& snapshot) {
        std::string text;
        for (const auto& [path, description] : snapshot) text += path + ": " + description + "\n";
        return text;
    }

    test::TemporaryDirectory root_;
    Files files_{root_.path()};
    LinuxProcesses processes_;
    LinuxPasswords passwords_{files_, processes_};
};

INSTANTIATE_TYPED_TEST_SUITE_P(Linux, PasswordRecord, OnLinux);

}  // namespace
}  // namespace steward::platform
