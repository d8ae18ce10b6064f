// Between a WifiNetwork and the settings of a NetworkManager connection. Source: nm-settings-dbus(5) of 1.42.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "platform/linux/bus.h"
#include "platform/wifi.h"

namespace steward::platform {

// How this device signs in to networks with 802.1X: what its administrator put into /etc/steward/wifi, else the
// certificate that a server has installed.
struct WifiCredentials {
    std::string identity, password;  // empty: there is none
    std::string certificate_file, key_file;
    std::string certified_name;  // whom the certificate names, in place of an identity
};

// The identity of a connection of ours: the same name always gives the same one (UUID version 5).
std::string wifi_uuid(std::string_view key);

// What D-Bus calls a{sa{sv}}. Nothing that is the default is said, as NetworkManager does not say it either.
struct WifiSettings {
    BusValue::Entries connection, wireless, security, eap, proxy, user, ipv4, ipv6;
    BusValue value() const;
};

// `authorities_file`: of an enterprise network. Fault unsupported when the device lacks what the method needs.
Result<WifiSettings> settings_of(std::string_view key, const WifiNetwork& network, const WifiCredentials& credentials,
                                 const std::string& authorities_file);

// The other way round; the profile is empty when it is something that no WLAN profile can say. `secrets` is what
// GetSecrets answered. Thumbprints of the authorities are not in the settings: the caller adds them.
WifiNetwork network_of(const BusValue& settings, const BusValue& secrets);

// The name under which a connection was made by us; nullopt: it is somebody else's.
std::optional<std::string> our_key(const BusValue& settings);

std::string file_of_authorities(const BusValue& settings);  // empty: none
std::string file_of_certificate(const BusValue& settings);  // with which the device signs in; empty: none

// Whether everything in `wanted` but secrets is said in `present`.
bool says_all(const BusValue& present, const BusValue& wanted);

}  // namespace steward::platform
