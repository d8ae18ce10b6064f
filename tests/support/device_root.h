// A device in a private root, as its maker leaves it, and two of its settings: numbers, of which both take 4 to 15 and
// neither 999.
#pragma once

#include <optional>
#include <string>

#include "platform/host.h"
#include "tests/support/snapshot.h"
#include "tests/support/temporary_directory.h"

namespace steward::test {

class DeviceRoot {
  public:
    DeviceRoot();
    ~DeviceRoot();

    std::string path() const { return directory_.path(); }
    Snapshot state() const;  // all that settings are kept in
    void undo_first();       // what somebody does behind our back

    static const std::string first, second;                     // addresses
    static std::optional<int> first_in_force(platform::Host&);  // as the back end reads it

  private:
    TemporaryDirectory directory_;
};

}  // namespace steward::test
