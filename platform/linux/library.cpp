#include "platform/library.h"

#include <dlfcn.h>

namespace steward::platform {

void* Library::find(const char* symbol) const {
    void* opened = ::dlopen(name_.c_str(), RTLD_NOW | RTLD_LOCAL);  // the second time this only counts
    return opened == nullptr ? nullptr : ::dlsym(opened, symbol);
}

}  // namespace steward::platform
