#include "platform/wipe.h"

namespace steward::platform {

std::string_view name_of(WipeKind kind) {
    return kind == WipeKind::quick ? "quick" : "thorough";
}

}  // namespace steward::platform
