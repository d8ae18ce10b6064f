#include "platform/memory.h"

#include <malloc.h>

namespace steward::platform {

void give_back_memory() {
    ::malloc_trim(0);
}

}  // namespace steward::platform
