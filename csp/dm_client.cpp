// DMClient: how this device is managed by each of its servers. The rows themselves are the setting; the agent reads
// them for its schedule, its sessions and its status page. Source: DDF DMClient.
#include "csp/csp.h"
#include "csp/first_sync.h"
#include "csp/syntax.h"
#include "platform/host.h"

namespace steward::csp {
namespace {

constexpr auto chr = Format::chr;
constexpr auto integer = Format::integer;
constexpr auto boolean = Format::boolean;
constexpr AccessSet readable = can_get;
constexpr AccessSet replaceable = can_get | can_replace;  // always there
constexpr AccessSet lasting = can_add | can_get | can_replace;
constexpr AccessSet branch = can_add | can_delete | can_get;

Leaf provider(const std::string& path, Format format, std::string about) {
    return kept("Provider/{ProviderID}/" + path, format, std::move(about));
}

// The session ends an enrolment at its own server's word before this is asked.
Result<Done> leaves_by_itself(const Keys&, std::string_view) {
    return Error{Fault::denied, "A server ends its own enrolment only; on the device it is \"steward unenroll\".", {}};
}

}  // namespace

Csp dm_client(platform::Host& host) {
    return first_sync(
        Csp("./Device/Vendor/MSFT/DMClient", "How this device is managed by each of its servers.")
            .report<platform::Identity>(
                host.identity,
                {
                    field("HWDevID", &platform::Identity::hardware_id, "Names the hardware and installation."),
                    field("Provider/{ProviderID}/HWDevID", &platform::Identity::hardware_id,
                          "Names the hardware and installation."),
                })
            .nodes({
                interior("Provider/{ProviderID}", "One management server, named by its provider id.", branch),
                provider("EntDeviceName", chr, "The name of the device in the server's console."),
                provider("ExchangeID", chr, "The device id in mail records of the user."),
                provider("EntDMID", chr, "The id that the server gave to this device."),
                provider("SignedEntDMID", chr, "That id, signed with the certificate before the last renewal."),
                provider("CertRenewTimeStamp", chr, "When the certificate was renewed."),
                provider("PublisherDeviceID", chr, "The id of this device for one publisher."),
                provider("ManagementServiceAddress", chr, "Where sessions go.")
                    .access(replaceable)
                    .checked(web_addresses_expected, is_web_addresses),
                provider("ManagementServerAddressList", chr, "Where sessions go, in order of preference.")
                    .access(replaceable)
                    .checked(web_addresses_expected, is_web_addresses),
                provider("UPN", chr, "The user who enrolled.").access(lasting),
                provider("HelpPhoneNumber", chr, "Whom a user can call."),
                provider("HelpWebsite", chr, "Where a user finds help."),
                provider("HelpEmailAddress", chr, "To whom a user can write."),
                provider("SyncApplicationVersion", chr, "The session version to use from the next session on.")
                    .checked(session_version_expected, is_session_version, session_version_pattern)
                    .otherwise("1.0"),
                provider("EnableOmaDmKeepAliveMessage", boolean, "Say so while the commands of a message take long.")
                    .access(replaceable)
                    .otherwise("false"),
                value("Provider/{ProviderID}/MaxSyncApplicationVersion", chr, "The highest session version we speak.",
                      [](const Keys&) -> Result<std::string> { return std::string("3.0"); }),
                provider("AADResourceID", chr, "For which service the server wants a token.").access(lasting),
                provider("AADDeviceID", chr, "The directory's id of this device.").access(readable),
                provider("EnrollmentType", chr, "Whether the device or its user is enrolled.").access(readable),
                provider("CommercialID", chr, "The organisation, for diagnostic data."),
                action("Unenroll", "Ends the enrolment of the server whose provider id is given.", leaves_by_itself),
                action("Provider/{ProviderID}/Unenroll", "Ends the enrolment of this server.", leaves_by_itself),
                provider("NumberOfDaysAfterLostContactToUnenroll", integer,
                         "Days without contact after which the device leaves management."),
                interior("Provider/{ProviderID}/Push", "The push channel.", branch),
                provider("Push/PFN", chr, "The package family name under which the channel is registered."),
                provider("Push/ChannelURI", chr, "The channel, once there is one.").access(readable),
                provider("Push/Status", integer, "How the registration went; 0 is success.").access(readable),
                interior("Provider/{ProviderID}/Push/Steward", "The event stream behind the channel.", branch),
                provider("Push/Steward/SubscribeURL", chr,
                         "Where the device listens for events; {topic} stands for a name of its own.")
                    .checked(web_address_expected, is_web_address),
                provider("Push/Steward/PublishURL", chr, "Where a server posts to wake the device, likewise.")
                    .checked(web_address_expected, is_web_address),
                provider("Push/Steward/Authorization", chr, "The Authorization header with which the device listens.")
                    .secret(),
                provider("Push/Steward/Topic", chr, "The name that stands for {topic}, made by the device.")
                    .access(readable),
                interior("Provider/{ProviderID}/Poll", "When sessions start by themselves, in three stages.", branch),
                provider("Poll/IntervalForFirstSetOfRetries", integer, "Minutes between sessions of the first stage."),
                provider("Poll/NumberOfFirstRetries", integer, "Sessions of the first stage; 0 is without end."),
                provider("Poll/IntervalForSecondSetOfRetries", integer,
                         "Minutes between sessions of the second stage."),
                provider("Poll/NumberOfSecondRetries", integer, "Sessions of the second stage; 0 is without end."),
                provider("Poll/IntervalForRemainingScheduledRetries", integer,
                         "Minutes between sessions of the last stage."),
                provider("Poll/NumberOfRemainingScheduledRetries", integer,
                         "Sessions of the last stage; 0 is without end."),
                provider("Poll/PollOnLogin", boolean, "A session whenever somebody signs in.").otherwise("false"),
                provider("Poll/AllUsersPollOnFirstLogin", boolean, "A session when a user signs in for the first time.")
                    .otherwise("false"),
                interior("Provider/{ProviderID}/CustomEnrollmentCompletePage", "What is shown after enrolment.",
                         branch),
                provider("CustomEnrollmentCompletePage/Title", chr, "Its title."),
                provider("CustomEnrollmentCompletePage/BodyText", chr, "Its text."),
                provider("CustomEnrollmentCompletePage/HyperlinkHref", chr, "Where its link leads."),
                provider("CustomEnrollmentCompletePage/HyperlinkText", chr, "What its link says."),
                provider("FirstSyncStatus/TimeOutUntilSyncFailure", integer,
                         "Minutes until the set-up counts as failed.")
                    .access(replaceable)
                    .between(1, 1440)
                    .otherwise(60),
                provider("FirstSyncStatus/BlockInStatusPage", integer, "What a user can do while the set-up goes on.")
                    .access(replaceable)
                    .flags({{"0", "leave the page"}, {"1", "reset"}, {"2", "try again"}, {"4", "continue anyway"}})
                    .otherwise(0),
                provider("FirstSyncStatus/CustomErrorText", chr, "What a user reads when the set-up failed."),
                provider("FirstSyncStatus/SkipDeviceStatusPage", boolean, "Show nothing of the device's part.")
                    .access(replaceable)
                    .otherwise("true"),
                provider("FirstSyncStatus/SkipUserStatusPage", boolean, "Show nothing of the user's part.")
                    .access(replaceable)
                    .otherwise("true"),
                interior("Provider/{ProviderID}/ConfigRefresh", "Putting settings right again on a timer.", branch),
                provider("ConfigRefresh/Enabled", boolean, "Whether that is done.").otherwise("false"),
                provider("ConfigRefresh/Cadence", integer, "Minutes from one time to the next.")
                    .between(30, 1440)
                    .otherwise(90),
                provider("ConfigRefresh/PausePeriod", integer, "Minutes of pause, once.").between(0, 1440).otherwise(0),
            })
            .own("Provider/{ProviderID}"));
}

}  // namespace steward::csp
