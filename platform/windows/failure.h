// What Windows said, as an Error.
#pragma once

#include <string>
#include <string_view>

#include "platform/base/result.h"

namespace steward::platform {

// Of a Win32 error, an HRESULT, or a NERR_ number: "Access is denied (5)".
std::string words_of(unsigned long code);

unsigned long last_error();  // GetLastError()

// `what` is a sentence; the evidence is where it happened and what Windows said.
Error failed_call(std::string what, std::string_view where, unsigned long code = last_error());

}  // namespace steward::platform
