// The host in memory that other tests stand on keeps the promises of Record<PasswordRules>, too.
#include <gtest/gtest.h>

#include "tests/contracts/password_record.h"
#include "tests/contracts/rules.h"
#include "tests/support/memory_host.h"

namespace steward::platform {
namespace {

class InMemory {
  public:
    Record<PasswordRules>& record() { return host_.passwords; }
    std::string state() {
        return host_.passwords.read()->min_length == host_.passwords.device.min_length ? "old" : "new";
    }
    std::string touched() const { return std::to_string(host_.passwords.writes); }
    static PasswordRules every_rule() { return test::every_rule(); }
    static PasswordRules some_rules(std::mt19937& random) { return test::some_rules(random); }

  private:
    test::MemoryHost host_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Memory, PasswordRecord, InMemory);

}  // namespace
}  // namespace steward::platform
