// What the server looks for in SyncML messages, and what it asks for by itself.
#pragma once

#include <optional>
#include <string>

#include "agent/syncml/message.h"
#include "tests/server/registry.h"

namespace steward::server {

const syncml::Command* header_status_of(const syncml::Message& message);  // Status for the SyncHdr; nullptr: none
std::optional<std::string> next_nonce_of(const syncml::Command& status);  // raw; nullopt: it has no challenge

// Alert 1226 com.microsoft:mdm.unenrollment.userrequest. Source: protocol sheet 9.4.
bool takes_leave(const syncml::Message& message);

// The value of …/Push/ChannelURI in Results; nullopt: it is not among them. Source: protocol sheet 7.4.
std::optional<std::string> push_channel_in(const syncml::Message& message);

// Sets Push/PFN as long as the device has told no channel, and asks for the channel, which may change any time.
std::string push_commands(const Device& device, const std::string& push_name);

}  // namespace steward::server
