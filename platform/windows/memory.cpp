#include "platform/memory.h"

#include <windows.h>

#include <malloc.h>

namespace steward::platform {

void give_back_memory() {
    ::_heapmin();
    ::SetProcessWorkingSetSize(::GetCurrentProcess(), static_cast<SIZE_T>(-1), static_cast<SIZE_T>(-1));
}

}  // namespace steward::platform
