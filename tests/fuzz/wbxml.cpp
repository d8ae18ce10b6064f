#include <cstddef>
#include <cstdint>

#include "tests/fuzz/codec.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    steward::fuzz::read_and_check(steward::syncml::Encoding::wbxml, {reinterpret_cast<const char*>(data), size});
    return 0;
}
