#include "platform/linux/wifi_settings.h"

#include <algorithm>
#include <array>
#include <utility>

#include "platform/base/bytes.h"
#include "platform/base/certificate.h"
#include "platform/base/text.h"

namespace steward::platform {
namespace {

using Security = WlanProfile::Security;
using Mac = WlanProfile::MacAddress;
using Method = EapSettings::Method;
using Inner = EapSettings::Inner;

constexpr std::string_view wireless_group = "802-11-wireless", security_group = "802-11-wireless-security",
                           eap_group = "802-1x";
constexpr std::string_view key_of_ours = "steward.wifi";  // in the group "user", which is for programs to remember by
constexpr std::string_view name_space = "\x8f\x3c\x9a\x5d\x6e\x1b\x4c\x02\x9d\x47\x2a\xf0\x71\x5e\x88\xc3";
constexpr std::int64_t pmf_optional = 2, pmf_required = 3;
constexpr std::int64_t metered_yes = 1, metered_no = 2, metered_guess_yes = 3;

const BusValue* find(const BusValue& settings, std::string_view group, std::string_view name) {
    const auto* found = settings.at(group);
    return found != nullptr ? found->at(name) : nullptr;
}

std::string text(const BusValue& settings, std::string_view group, std::string_view name) {
    const auto* found = find(settings, group, name);
    return found != nullptr ? found->as_text().value_or(std::string()) : std::string();
}

std::int64_t number(const BusValue& settings, std::string_view group, std::string_view name) {
    const auto* found = find(settings, group, name);
    return found != nullptr ? found->as_integer().value_or(0) : 0;
}

bool truth(const BusValue& settings, std::string_view group, std::string_view name, bool otherwise) {
    const auto* found = find(settings, group, name);
    return found != nullptr ? found->as_boolean().value_or(otherwise) : otherwise;
}

struct Management {
    Security security;
    std::string_view word;
    std::int64_t pmf;
};
constexpr std::array<Management, 7> managements = {
    {{Security::owe, "owe", pmf_required},
     {Security::wpa2_personal, "wpa-psk", 0},
     {Security::wpa3_transition, "wpa-psk", pmf_optional},
     {Security::wpa3_personal, "sae", pmf_required},
     {Security::wpa2_enterprise, "wpa-eap", 0},
     {Security::wpa3_enterprise, "wpa-eap", pmf_required},
     {Security::wpa3_enterprise_192, "wpa-eap-suite-b-192", pmf_required}}};

struct Phase2 {
    Method method;
    Inner inner;
    std::string_view property, word;
};
constexpr std::array<Phase2, 8> phases = {{{Method::peap, Inner::mschapv2, "phase2-auth", "mschapv2"},
                                           {Method::peap, Inner::tls, "phase2-auth", "tls"},
                                           {Method::ttls, Inner::pap, "phase2-auth", "pap"},
                                           {Method::ttls, Inner::chap, "phase2-auth", "chap"},
                                           {Method::ttls, Inner::mschap, "phase2-auth", "mschap"},
                                           {Method::ttls, Inner::mschapv2, "phase2-auth", "mschapv2"},
                                           {Method::ttls, Inner::eap_mschapv2, "phase2-autheap", "mschapv2"},
                                           {Method::ttls, Inner::tls, "phase2-autheap", "tls"}}};

constexpr std::array<std::pair<Method, std::string_view>, 3> methods = {
    {{Method::tls, "tls"}, {Method::peap, "peap"}, {Method::ttls, "ttls"}}};

constexpr std::array<std::pair<Mac, std::string_view>, 3> macs = {
    {{Mac::hardware, "permanent"}, {Mac::one_per_network, "stable"}, {Mac::always_new, "random"}}};

// As NetworkManager names files: a URI whose zero octet belongs to it.
BusValue file_value(const std::string& path) {
    return BusValue::bytes("file://" + path + std::string(1, '\0'));
}

std::string file_in(const BusValue& settings, std::string_view name) {
    constexpr std::string_view scheme = "file://";
    const auto* found = find(settings, eap_group, name);
    auto uri = found != nullptr ? found->as_bytes().value_or(std::string()) : std::string();
    if (!uri.starts_with(scheme)) return {};
    return uri.substr(scheme.size(), uri.find('\0') - scheme.size());
}

void add_certificate(BusValue::Entries& into, const std::string& prefix, const WifiCredentials& credentials) {
    constexpr std::uint32_t not_required = 4;
    into.emplace_back(prefix + "client-cert", file_value(credentials.certificate_file));
    into.emplace_back(prefix + "private-key", file_value(credentials.key_file));
    into.emplace_back(prefix + "private-key-password-flags", BusValue::uint32(not_required));
}

Result<BusValue::Entries> eap_entries(const EapSettings& eap, const WifiCredentials& credentials,
                                      const std::string& authorities_file) {
    const bool by_certificate = eap.method == Method::tls || eap.inner == Inner::tls;
    if (by_certificate && (credentials.certificate_file.empty() || credentials.key_file.empty())) {
        return Error{Fault::unsupported,
                     "This network wants a certificate, and this device has none for networks: send one "
                     "(ClientCertificateInstall), or put certificate.pem and key.pem into /etc/steward/wifi.",
                     {}};
    }
    const auto& identity =
        by_certificate && credentials.identity.empty() ? credentials.certified_name : credentials.identity;
    if (identity.empty() || (!by_certificate && credentials.password.empty())) {
        return Error{Fault::unsupported,
                     std::string("This network wants a user name") + (by_certificate ? "" : " and a password") +
                         ", and this device has none for networks: put identity" +
                         (by_certificate ? "" : " and password") + " into /etc/steward/wifi.",
                     {}};
    }
    BusValue::Entries entries;
    const auto* method =
        std::find_if(methods.begin(), methods.end(), [&](const auto& each) { return each.first == eap.method; });
    entries.emplace_back("eap", BusValue::texts({std::string(method->second)}));
    entries.emplace_back("identity", BusValue::text(identity));
    if (!eap.anonymous_identity.empty())
        entries.emplace_back("anonymous-identity", BusValue::text(eap.anonymous_identity));
    entries.emplace_back("ca-cert", file_value(authorities_file));
    const bool suffix = eap.server_names.front().starts_with('.');
    std::vector<std::string> names;
    for (const auto& name : eap.server_names) names.push_back(suffix ? name.substr(1) : name);
    const char* const matched = suffix ? "domain-suffix-match" : "domain-match";
    entries.emplace_back(matched, BusValue::text(join(names, ";")));
    for (const auto& phase : phases) {
        if (phase.method == eap.method && phase.inner == eap.inner)
            entries.emplace_back(phase.property, BusValue::text(std::string(phase.word)));
    }
    if (eap.inner == Inner::tls) {
        entries.emplace_back("phase2-ca-cert", file_value(authorities_file));
        entries.emplace_back(std::string("phase2-") + matched, BusValue::text(join(names, ";")));
        add_certificate(entries, "phase2-", credentials);
    } else if (by_certificate) {
        add_certificate(entries, "", credentials);
    } else {
        entries.emplace_back("password", BusValue::text(credentials.password));
    }
    return entries;
}

std::optional<EapSettings> eap_of(const BusValue& settings) {
    EapSettings eap;
    const auto* list = find(settings, eap_group, "eap");
    const auto words = list != nullptr ? list->as_texts() : std::vector<std::string>();
    const auto* method = std::find_if(methods.begin(), methods.end(), [&](const auto& each) {
        return words.size() == 1 && each.second == words.front();
    });
    if (method == methods.end() || file_of_authorities(settings).empty()) return std::nullopt;
    eap.method = method->first;
    eap.anonymous_identity = text(settings, eap_group, "anonymous-identity");
    auto names = text(settings, eap_group, "domain-match");
    const bool suffix = names.empty();
    if (suffix) names = text(settings, eap_group, "domain-suffix-match");
    for (const auto name : split(names, ';')) {
        if (!name.empty()) eap.server_names.push_back((suffix ? "." : "") + std::string(name));
    }
    if (eap.server_names.empty()) return std::nullopt;
    if (eap.method == Method::tls) return eap;
    const auto* phase = std::find_if(phases.begin(), phases.end(), [&](const Phase2& each) {
        return each.method == eap.method && text(settings, eap_group, each.property) == each.word;
    });
    if (phase == phases.end()) return std::nullopt;
    eap.inner = phase->inner;
    return eap;
}

std::optional<WlanProfile> profile_of(const BusValue& settings, const BusValue& secrets) {
    WlanProfile profile;
    profile.name = text(settings, "connection", "id");
    const auto* ssid = find(settings, wireless_group, "ssid");
    if (ssid != nullptr) profile.ssid = ssid->as_bytes().value_or(std::string());
    const auto mode = text(settings, wireless_group, "mode");
    if (profile.name.empty() || profile.ssid.empty() || (!mode.empty() && mode != "infrastructure"))
        return std::nullopt;
    profile.hidden = truth(settings, wireless_group, "hidden", false);
    profile.automatic = truth(settings, "connection", "autoconnect", true);
    if (const auto word = text(settings, wireless_group, "assigned-mac-address"); !word.empty()) {
        const auto* mac = std::find_if(macs.begin(), macs.end(), [&](const auto& each) { return each.second == word; });
        if (mac == macs.end()) return std::nullopt;
        profile.mac_address = mac->first;
    }
    if (settings.at(security_group) == nullptr) return profile;
    const auto word = text(settings, security_group, "key-mgmt");
    const auto pmf = number(settings, security_group, "pmf");
    const auto* found = std::find_if(managements.begin(), managements.end(),
                                     [&](const Management& each) { return each.word == word && each.pmf == pmf; });
    if (found == managements.end()) return std::nullopt;
    profile.security = found->security;
    if (profile.personal()) profile.key = text(secrets, security_group, "psk");
    if (word.starts_with("wpa-eap")) {
        profile.eap = eap_of(settings);
        if (!profile.eap) return std::nullopt;
    }
    return profile;
}

}  // namespace

std::string wifi_uuid(std::string_view key) {
    // A thumbprint is the SHA-1 of any octets, here of the name space and the name as RFC 9562 section 5.5 wants it.
    auto raw = from_hex(thumbprint_of(std::string(name_space) + std::string(key))).value_or(std::string(20, '\0'));
    raw.resize(16);
    raw[6] = static_cast<char>((static_cast<unsigned char>(raw[6]) & 0x0f) | 0x50);
    raw[8] = static_cast<char>((static_cast<unsigned char>(raw[8]) & 0x3f) | 0x80);
    const auto hex = to_hex(raw);
    return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" + hex.substr(16, 4) + "-" +
           hex.substr(20);
}

BusValue WifiSettings::value() const {
    BusValue::Entries groups;
    const auto add = [&](std::string_view name, const BusValue::Entries& entries) {
        if (!entries.empty()) groups.emplace_back(name, BusValue::variants(entries));
    };
    add("connection", connection);
    add(wireless_group, wireless);
    add(security_group, security);
    add(eap_group, eap);
    add("proxy", proxy);
    add("user", user);
    add("ipv4", ipv4);
    add("ipv6", ipv6);
    return BusValue::dictionary("a{sv}", std::move(groups));
}

Result<WifiSettings> settings_of(std::string_view key, const WifiNetwork& network, const WifiCredentials& credentials,
                                 const std::string& authorities_file) {
    const WlanProfile& profile = *network.profile;
    WifiSettings made;
    made.connection = {{"id", BusValue::text(profile.name)},
                       {"uuid", BusValue::text(wifi_uuid(key))},
                       {"type", BusValue::text(std::string(wireless_group))}};
    if (!profile.automatic) made.connection.emplace_back("autoconnect", BusValue::boolean(false));
    if (network.cost) {
        const auto metered = *network.cost == WifiNetwork::unrestricted ? metered_no : metered_yes;
        made.connection.emplace_back("metered", BusValue::int32(static_cast<std::int32_t>(metered)));
    }
    made.wireless = {{"ssid", BusValue::bytes(profile.ssid)}, {"mode", BusValue::text("infrastructure")}};
    if (profile.hidden) made.wireless.emplace_back("hidden", BusValue::boolean(true));
    for (const auto& [mac, word] : macs) {
        if (profile.mac_address == mac)
            made.wireless.emplace_back("assigned-mac-address", BusValue::text(std::string(word)));
    }
    for (const auto& each : managements) {
        if (each.security != profile.security) continue;
        made.security = {{"key-mgmt", BusValue::text(std::string(each.word))}};
        if (each.pmf != 0) made.security.emplace_back("pmf", BusValue::int32(static_cast<std::int32_t>(each.pmf)));
    }
    if (profile.security == Security::wpa2_personal || profile.security == Security::wpa2_enterprise) {
        made.security.emplace_back("proto", BusValue::texts({"rsn"}));  // neither WPA of the first kind nor TKIP
        made.security.emplace_back("pairwise", BusValue::texts({"ccmp"}));
        made.security.emplace_back("group", BusValue::texts({"ccmp"}));
    }
    if (profile.personal()) made.security.emplace_back("psk", BusValue::text(profile.key));
    if (profile.eap) {
        auto eap = eap_entries(*profile.eap, credentials, authorities_file);
        if (!eap) return std::move(eap).error();
        made.eap = std::move(*eap);
    }
    if (network.pac_url || network.discover_proxy.value_or(false)) {
        made.proxy = {{"method", BusValue::int32(1)}};
        if (network.pac_url) made.proxy.emplace_back("pac-url", BusValue::text(*network.pac_url));
    }
    const BusValue kept = BusValue::dictionary("s", {{std::string(key_of_ours), BusValue::text(std::string(key))}});
    made.user = {{"data", kept}};
    made.ipv4 = {{"method", BusValue::text("auto")}};
    made.ipv6 = {{"method", BusValue::text("auto")}};
    return made;
}

WifiNetwork network_of(const BusValue& settings, const BusValue& secrets) {
    WifiNetwork network;
    network.profile = profile_of(settings, secrets);
    const auto url = text(settings, "proxy", "pac-url");
    const bool automatic = number(settings, "proxy", "method") == 1;
    if (automatic && !url.empty()) network.pac_url = url;
    network.discover_proxy = automatic && url.empty();
    switch (number(settings, "connection", "metered")) {
        case metered_no:
            network.cost = WifiNetwork::unrestricted;
            break;
        case metered_yes:
        case metered_guess_yes:
            network.cost = WifiNetwork::fixed;
            break;
        default:
            break;
    }
    return network;
}

std::optional<std::string> our_key(const BusValue& settings) {
    const auto* data = find(settings, "user", "data");
    const auto* kept = data != nullptr ? data->at(key_of_ours) : nullptr;
    auto key = kept != nullptr ? kept->as_text() : std::nullopt;
    if (!key || text(settings, "connection", "uuid") != wifi_uuid(*key)) return std::nullopt;
    return key;
}

std::string file_of_authorities(const BusValue& settings) {
    return file_in(settings, "ca-cert");
}

std::string file_of_certificate(const BusValue& settings) {
    auto file = file_in(settings, "client-cert");
    return file.empty() ? file_in(settings, "phase2-client-cert") : file;
}

bool says_all(const BusValue& present, const BusValue& wanted) {
    constexpr std::array<std::string_view, 2> secrets = {"psk", "password"};
    for (const auto& group : wanted.keys()) {
        const auto* there = present.at(group);
        if (there == nullptr) return false;
        const auto* values = wanted.at(group);
        for (const auto& name : values->keys()) {
            if (std::find(secrets.begin(), secrets.end(), name) != secrets.end()) continue;
            const auto* has = there->at(name);
            if (has == nullptr || *has != *values->at(name)) return false;
        }
    }
    return true;
}

}  // namespace steward::platform
