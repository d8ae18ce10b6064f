// A device that exists in memory: CSPs with every kind of node, over records and tables that can be told to fail.
//
// Below ./Device/Vendor/MSFT/Test stand
//   Settings/{Number,Text,Flag,Blob,Document,Level}  one record: int 0 to 100, chr, bool, b64, xml, one of 1, 2, 3
//   Fragile/Value      a record of its own: writing "break" fails; after "stuck" every further write fails
//   Profile/{Name}/{Channel,Label}                   rows of a table
//   Note/{Id}/Text, Note/{Id}/Sub/Text               kept values below dynamic nodes
//   Owner/{ProviderID}/Value                         belongs to the provider that made it
//   Fixed (read only), Permanent (Get, Replace; "factory" by default), Strict (Replace never creates), Hidden (no Get),
//   Secret (never read back), Big (40,000 letters, read only), Kept (chr)
//   Do/{Now,Later,Fail}                              actions; Count tells how often Now ran
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "csp/csp.h"

namespace steward::test {

struct Device {
    Device();
    ~Device();
    Device(const Device&) = delete;
    Device& operator=(const Device&) = delete;

    // Refer to this device, which must outlive them.
    std::vector<csp::Csp> csps();

    static constexpr char id[] = "dev-0001";

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace steward::test
