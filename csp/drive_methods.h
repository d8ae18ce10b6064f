// EncryptionMethodByDriveType as text. Source: VolumeEncryption.admx, EncryptionMethodWithXts_Name.
#pragma once

#include <string>
#include <string_view>

#include "platform/base/result.h"
#include "platform/encryption.h"

namespace steward::csp {

inline constexpr char drive_methods_expected[] =
    "<disabled/>, or <enabled/> with a method (3, 4, 6 or 7) for each kind of drive";
Result<platform::DriveMethods> parse_drive_methods(std::string_view text);
Outcome is_drive_methods(std::string_view text);
std::string drive_methods_text(const platform::DriveMethods& methods);

}  // namespace steward::csp
