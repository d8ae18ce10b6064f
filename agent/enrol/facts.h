// What an enrolment says about this device. Source: MS-MDE2 3.4.4.1.1.1, wire rules S7 to S10 and S24.
#pragma once

#include <string>
#include <vector>

#include "platform/base/result.h"
#include "platform/host.h"

namespace steward::enrol {

struct DeviceFacts {
    std::string device_id;            // also DevInfo/DevId later; the certificate's name
    std::string hardware_id;          // 64 hexadecimal digits
    std::string name;                 // host name
    std::string locale;               // "de-DE"
    std::string os_edition = "4";     // decimal product type; 4 is Enterprise, for a device of an organisation
    std::string os_version;           // four numbers
    std::string application_version;  // four numbers: ours
    std::vector<std::string> macs;    // "00-11-22-33-44-55"
    bool somebody_signed_in = false;
};

// What can't be told gets a placeholder that every server accepts; without a device id: Fault not_found.
Result<DeviceFacts> device_facts(platform::Host& host);

// "12" -> "12.0.0.0", "24.04" -> "24.04.0.0", "rolling" -> "0.0.0.0".
std::string four_numbers(std::string_view version);

}  // namespace steward::enrol
