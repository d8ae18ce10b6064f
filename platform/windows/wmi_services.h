// What the users of Windows Management Instrumentation share: the connection, and values on their way in and out.
#pragma once

#include <windows.h>

#include <wbemidl.h>

#include <string>

#include "platform/windows/com.h"
#include "platform/windows/wmi.h"

namespace steward::platform {

inline constexpr long wmi_patience = 30'000;  // milliseconds for the next rows

Error wmi_failure(const std::string& space, const std::string& asked, HRESULT code);
// On a thread that may use COM.
Result<Com<IWbemServices>> connect_wmi(const std::string& space);
WmiValue wmi_value(const VARIANT& value);      // monostate: of a type that nobody here needs
WmiObject wmi_object(IWbemClassObject& from);  // the properties that have a value
HRESULT put_wmi(IWbemClassObject& object, const std::string& name, const WmiValue& value);

}  // namespace steward::platform
