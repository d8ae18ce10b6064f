#include "agent/enrol/fault.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "agent/syncml/escape.h"
#include "platform/base/text.h"

namespace steward::enrol {
namespace {

constexpr std::size_t longest_quote = 500;

constexpr std::array<Refusal, 40> table{{
    {0x80180001, "MessageFormat", "The server could not read the request: its administrator can see why in its log.",
     Fault::malformed},
    {0x80180002, "Authentication",
     "The server does not accept this user name with this password or token: check them and try again.", Fault::denied},
    {0x80180003, "Authorization", "The user may not enrol this device: the server's administrator must permit it.",
     Fault::denied},
    {0x80180004, "CertificateRequest",
     "The server did not issue a certificate: its administrator must look at its certification authority.", Fault::io},
    {0x80180005, "EnrollmentServer", "The server has an error of its own: try again later, or tell its administrator.",
     Fault::io},
    {0x80180006, "InternalServiceFault", "Something in the server broke: try again later, or tell its administrator.",
     Fault::io},
    {0x80180007, "InvalidSecurity",
     "The server found the security header wrong: its administrator must compare the sign-in method it offers with "
     "the one it accepts.",
     Fault::denied},
    {0x80180008, "Unknown", "The server refused without a reason that is known: ask its administrator.", Fault::io},
    {0x80180009, "EnrollmentInProgress",
     "Another enrolment is under way: wait for it, or end it with \"steward enroll --resume\".", Fault::busy},
    {0x8018000A, "AlreadyEnrolled",
     "This device is enrolled there already: run \"steward unenroll\" first if it is to be enrolled anew.",
     Fault::exists},
    {0x8018000D, "DiscoveryCertificateDate",
     "The discovery server's certificate is not valid today: its administrator must renew it, or this device's clock "
     "is wrong.",
     Fault::denied},
    {0x8018000E, "PasswordNeeded", "A password is needed: give its file with --password-file.", Fault::denied},
    {0x8018000F, "WebAuthentication", "The sign-in page did not finish: try again, or paste the token.", Fault::io},
    {0x80180010, "Connectivity", "The server can't be reached: check the network and the address.", Fault::io},
    {0x80180012, "InvalidServerCertificate",
     "The server's certificate is not trusted: ask its administrator for its authority and give it with --ca-file.",
     Fault::denied},
    {0x80180013, "DeviceCapReached",
     "The user has enrolled as many devices as are permitted: remove one at the server, or ask its administrator for "
     "more.",
     Fault::full},
    {0x80180014, "DeviceNotSupported",
     "The server does not manage this kind of device: its administrator must permit it.", Fault::unsupported},
    {0x80180015, "NotSupported",
     "The server does not offer enrolment in this way: ask its administrator which way it offers.", Fault::unsupported},
    {0x80180016, "NotEligibleToRenew",
     "The server does not renew this certificate: enrol again before it expires, or ask its administrator.",
     Fault::denied},
    {0x80180017, "InMaintenance", "The server is in maintenance: try again later.", Fault::busy},
    {0x80180018, "UserLicense",
     "The user has no licence for device management: the server's administrator must assign one.", Fault::denied},
    {0x80180019, "InvalidEnrollmentData",
     "The server does not accept what the enrolment says: its administrator can see which part in its log.",
     Fault::invalid},
    {0x8018001A, "InsecureRedirect",
     "The server redirects to an unsafe address: its administrator must redirect to https only.", Fault::denied},
    {0x8018001B, "PlatformWrongState", "This device can't be enrolled in its present state.", Fault::io},
    {0x8018001C, "PlatformLicense", "This device is not licensed for enrolment.", Fault::denied},
    {0x8018001D, "PlatformUnknown", "This device could not finish the enrolment.", Fault::io},
    {0x8018001E, "CertificateStore",
     "The certificates that the server delivered can't be used: its administrator must correct the provisioning "
     "document.",
     Fault::invalid},
    {0x8018001F, "Application",
     "The account that the server delivered can't be used: its administrator must correct the provisioning document.",
     Fault::invalid},
    {0x80180020, "DMClient",
     "The settings that the server delivered with the account can't be used: its administrator must correct the "
     "provisioning document.",
     Fault::invalid},
    {0x80180021, "ProvisioningFramework", "The provisioning document could not be applied.", Fault::io},
    {0x80180022, "ProvisioningOther",
     "A part of the provisioning document can't be used: the server's administrator must correct it.", Fault::invalid},
    {0x80180023, "ProvisioningUnknown",
     "The server's provisioning document can't be read: its administrator must correct it.", Fault::malformed},
    {0x80180024, "ClientCertificateNotFound",
     "The server delivered no certificate for the key of this device: its administrator must look at its "
     "certification authority.",
     Fault::invalid},
    {0x80180025, "ApplicationManagement", "The server's application settings can't be used.", Fault::invalid},
    {0x80180026, "ManagementBlocked", "Management is blocked on this device: its administrator must permit it.",
     Fault::denied},
    {0x80180027, "PrivateKeyCreation", "No private key could be made: look at the key store of this device.",
     Fault::io},
    {0x80180028, "CertificateForSignInNotFound",
     "The certificate to sign in with was not found: give it with --certificate-file and --key-file.",
     Fault::not_found},
    {0x80180029, "EmptyMessage", "The server answered with nothing: its administrator can see why in its log.",
     Fault::malformed},
    {0x80180030, "UserCanceled", "The enrolment was given up: start it again when you are ready.", Fault::denied},
    {0x80180032, "CustomServerError", "The server refuses: its own words follow.", Fault::denied},
}};

// What a server says goes to a terminal and a log: one line, no control characters, not endless.
std::string quoted(std::string_view text) {
    std::string line = syncml::legal(text.substr(0, longest_quote));
    std::replace_if(
        line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
    return std::string(trim(line));
}

std::string hex(std::uint32_t code) {
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "0x%08X", static_cast<unsigned>(code));
    return text.data();
}

std::string_view without_prefix(std::string_view name) {
    name = trim(name);
    return name.substr(name.rfind(':') + 1);
}

// "0x80180013" or "80180013" as some servers write in ErrorType.
const Refusal* refusal_numbered(std::string_view text) {
    const auto digits = lower(trim(text));
    for (const auto& each : table) {
        if (digits == lower(hex(each.code)) || "0x" + digits == lower(hex(each.code))) return &each;
    }
    return nullptr;
}

}  // namespace

std::span<const Refusal> refusals() {
    return table;
}

const Refusal* refusal_of(std::uint32_t code) {
    const auto found = std::find_if(table.begin(), table.end(), [&](const auto& each) { return each.code == code; });
    return found == table.end() ? nullptr : &*found;
}

const Refusal* refusal_named(std::string_view name) {
    name = without_prefix(name);
    const auto found =
        std::find_if(table.begin(), table.end(), [&](const auto& each) { return same_ignoring_case(each.name, name); });
    return found == table.end() ? nullptr : &*found;
}

Error explain(const Element& fault) {
    std::string code = fault.text_of("faultcode");
    if (const auto* subcode = fault.descendant("Subcode")) code = subcode->text_of("Value");
    if (code.empty()) {
        if (const auto* outer = fault.descendant("Code")) code = outer->text_of("Value");
    }
    std::string reason = fault.text_of("Text");
    if (reason.empty()) reason = fault.text_of("faultstring");
    const std::string type = fault.text_of("ErrorType");
    const std::string message = fault.text_of("Message"), trace = fault.text_of("TraceId");

    // The detail knows best, then the code; servers without either may name a reason that we know.
    const Refusal* refusal = refusal_named(type);
    if (refusal == nullptr) refusal = refusal_numbered(type);
    if (refusal == nullptr) refusal = refusal_named(code);
    if (refusal == nullptr) refusal = refusal_named(reason);
    if (refusal == nullptr) refusal = refusal_of(0x80180008);

    std::string evidence = hex(refusal->code) + " " + std::string(refusal->name);
    const auto add = [&](std::string_view label, const std::string& text) {
        if (const auto line = quoted(text); !line.empty()) evidence += "; " + std::string(label) + line;
    };
    if (refusal->code == 0x80180008) add("code ", code.empty() ? type : code);
    add("server says: ", message.empty() ? reason : message);
    add("trace ", trace);
    std::string sentence(refusal->sentence);
    if (refusal->code == 0x80180032) sentence = "The server refuses: " + quoted(message.empty() ? reason : message);
    return {refusal->fault, std::move(sentence), std::move(evidence)};
}

Error with_code(std::uint32_t code, Error error) {
    if (error.evidence.starts_with("0x8018")) return error;
    error.evidence = hex(code) + (error.evidence.empty() ? "" : "; " + error.evidence);
    return error;
}

}  // namespace steward::enrol
