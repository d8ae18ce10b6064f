#include "platform/linux/wifi.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "platform/base/bytes.h"
#include "platform/base/certificate.h"
#include "platform/base/digest.h"
#include "platform/base/text.h"
#include "platform/linux/client_certificates.h"
#include "platform/linux/intermediates.h"
#include "platform/linux/trust.h"

namespace steward::platform {
namespace {

// wpa_supplicant may read here on every distribution, under SELinux too.
const std::string authorities_directory = "/etc/NetworkManager/steward";
const std::string credentials_directory = "/etc/steward/wifi";

// What the system trusts, and what an administrator keeps for networks alone.
constexpr std::array<std::string_view, 4> bundles = {"/etc/steward/wifi/authorities.pem",
                                                     "/etc/ssl/certs/ca-certificates.crt",
                                                     "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem"};
constexpr std::size_t largest_bundle = 4u << 20;

// Keeps how long a key is apart, which says what kind of key it is; 63 characters never become 64.
std::string masked(const std::string& key) {
    return key.size() == 64 ? std::string(64, '*') : std::string(key.empty() ? "" : "*");
}

}  // namespace

Result<std::vector<std::string>> LinuxWifi::names() {
    auto connections = manager_.connections();
    if (!connections) return std::move(connections).error();
    std::vector<std::string> names;
    for (const auto& connection : *connections) {
        const auto settings = manager_.settings(connection);
        // One that goes away meanwhile, or that we may not see, is not ours.
        if (!settings) continue;
        if (auto key = our_key(*settings)) names.push_back(std::move(*key));
    }
    std::sort(names.begin(), names.end());
    return names;
}

Result<std::optional<LinuxWifi::Present>> LinuxWifi::present(std::string_view key) {
    auto path = manager_.find(wifi_uuid(key));
    if (!path) return std::move(path).error();
    if (!*path) return std::optional<Present>();
    auto settings = manager_.settings(**path);
    if (!settings) return std::move(settings).error();
    Result<BusValue> secrets = BusValue::variants({});
    if (settings->at("802-11-wireless-security") != nullptr && settings->at("802-1x") == nullptr) {
        secrets = manager_.secrets(**path, "802-11-wireless-security");
        if (!secrets) return std::move(secrets).error();
    }
    Present found{std::move(**path), std::move(*settings), {}};
    found.network = network_of(found.settings, *secrets);
    if (found.network.profile && found.network.profile->eap) {
        auto& eap = *found.network.profile->eap;
        const auto pem = files_.find(file_of_authorities(found.settings), largest_bundle);
        const auto certificates = pem && *pem ? read_certificates(**pem) : Result<std::vector<std::string>>(Error{});
        if (certificates) {
            for (const auto& der : *certificates) eap.authorities.push_back(thumbprint_of(der));
            std::sort(eap.authorities.begin(), eap.authorities.end());
        } else {
            found.network.profile.reset();  // a network whose server can't be checked is not what anybody asked for
        }
        // Nor is one whose certificate has been taken away.
        const auto signs_in = file_of_certificate(found.settings);
        if (!signs_in.empty() && !files_.exists(signs_in)) found.network.profile.reset();
    }
    return std::optional<Present>(std::move(found));
}

Result<WifiNetwork> LinuxWifi::read(std::string_view key) {
    auto found = present(key);
    if (!found) return std::move(found).error();
    if (!*found)
        return Error{Fault::not_found, "This device knows no wireless network of that name from us.", std::string(key)};
    auto network = std::move((*found)->network);
    if (network.profile) network.profile->key = masked(network.profile->key);
    return network;
}

Result<WifiCredentials> LinuxWifi::credentials() const {
    constexpr std::size_t longest = 4096;
    WifiCredentials made;
    for (const auto& [name, member] :
         {std::pair("identity", &WifiCredentials::identity), std::pair("password", &WifiCredentials::password)}) {
        auto text = files_.find(credentials_directory + "/" + name, longest);
        if (!text) return std::move(text).error();
        if (!*text) continue;
        std::string_view line = **text;
        while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
        made.*member = std::string(line);
    }
    if (files_.exists(credentials_directory + "/certificate.pem"))
        made.certificate_file = credentials_directory + "/certificate.pem";
    if (files_.exists(credentials_directory + "/key.pem")) made.key_file = credentials_directory + "/key.pem";
    if (!made.certificate_file.empty() || !made.key_file.empty()) return made;
    // What a server has installed; the administrator's own choice goes first.
    for (auto& client : installed_clients(files_)) {
        if (!client.use.signs_in) continue;
        made.certificate_file = std::move(client.certificate_file);
        made.key_file = std::move(client.key_file);
        made.certified_name = !client.use.user_name.empty() ? client.use.user_name : client.certificate.common_name;
        break;
    }
    return made;
}

Result<std::string> LinuxWifi::authorities(const EapSettings& eap) const {
    std::map<std::string, std::string> known;
    for (const auto bundle : bundles) {
        const auto pem = files_.find(bundle, largest_bundle);
        if (!pem || !*pem) continue;
        const auto certificates = read_certificates(**pem);
        if (!certificates) continue;
        for (const auto& der : *certificates) known.emplace(thumbprint_of(der), der);
    }
    // What came in the same message as the profile may not be among what the system trusts yet.
    Intermediates intermediates(files_);
    const auto stored = intermediates.names();
    std::string text;
    for (const auto& thumbprint : eap.authorities) {
        if (auto own = own_anchor(files_, thumbprint); own && !own->empty()) known.emplace(thumbprint, std::move(*own));
        for (const auto& name : stored ? *stored : std::vector<std::string>()) {
            const auto kept =
                same_ignoring_case(name, thumbprint) ? intermediates.read(name) : Result<StoredCertificate>(Error{});
            if (kept) known.emplace(thumbprint, from_base64(kept->encoded.value_or("")).value_or(""));
        }
        const auto found = known.find(thumbprint);
        if (found == known.end()) {
            return Error{Fault::not_found,
                         "The profile pins an authority that this device does not have: send its certificate first "
                         "(RootCATrustedCertificates), or put it into /etc/steward/wifi/authorities.pem.",
                         thumbprint};
        }
        text += to_pem(found->second);
    }
    return text;
}

Outcome LinuxWifi::sweep_authorities(std::string_view uuid, const std::string& keep) {
    const auto names = files_.list(authorities_directory);
    if (!names) return {};
    std::vector<Change> changes;
    for (const auto& name : *names) {
        const auto path = authorities_directory + "/" + name;
        if (name.starts_with(uuid) && path != keep) changes.push_back({path, std::nullopt, 0644, 1});
    }
    return files_.apply(changes);
}

Outcome LinuxWifi::write(std::string_view key, const WifiNetwork& managed) {
    if (!managed.profile) {
        return Error{Fault::incomplete,
                     "A wireless network needs its profile (WlanXml) before anything else can be said of it.",
                     std::string(key)};
    }
    if (managed.pac_url && managed.discover_proxy.value_or(false)) {
        return Error{Fault::invalid, "A network finds its proxy by ProxyPacUrl or by ProxyWPAD, not by both.", {}};
    }
    auto found = present(key);
    if (!found) return std::move(found).error();
    const auto uuid = wifi_uuid(key);
    std::string file;
    std::vector<Change> changes;
    if (managed.profile->eap) {
        auto pem = authorities(*managed.profile->eap);
        if (!pem) return std::move(pem).error();
        // Named by its content: the connection that is in use keeps its own file until it has changed over.
        file = authorities_directory + "/" + uuid + "-" + to_hex(sha256(*pem)).substr(0, 16) + ".pem";
        changes.push_back({file, std::move(*pem), 0644, 1});
    }
    auto signs_in = credentials();
    if (!signs_in) return std::move(signs_in).error();
    auto settings = settings_of(key, managed, *signs_in, file);
    if (!settings) return std::move(settings).error();
    const auto wanted = settings->value();

    auto expected = network_of(wanted, wanted);  // the key stands in it
    if (expected.profile && expected.profile->eap)
        expected.profile->eap->authorities = managed.profile->eap->authorities;
    if (*found && (*found)->network == expected && says_all((*found)->settings, wanted)) return {};

    if (auto written = files_.apply(changes); !written) return written;
    auto done = *found ? manager_.update((*found)->path, wanted) : manager_.add(wanted);
    // A network in use would go on with its old settings, pass its trial with them, and fail at the next start.
    if (done && *found) done = manager_.renew((*found)->path);
    if (!done) {
        // What is in use may be the old one or, when only the answer was lost, the new one: neither loses its file.
        const auto now = manager_.find(uuid);
        if (now && !*now) (void)sweep_authorities(uuid, {});
        return done;
    }
    return sweep_authorities(uuid, file);
}

Outcome LinuxWifi::erase(std::string_view key) {
    const auto uuid = wifi_uuid(key);
    auto path = manager_.find(uuid);
    if (!path) {
        // Without NetworkManager there is nothing of ours, so that a device that lost it can still be left.
        if (path.error().fault == Fault::unsupported) return sweep_authorities(uuid, {});
        return std::move(path).error();
    }
    if (*path) {
        if (auto erased = manager_.erase(**path); !erased) return erased;
    }
    return sweep_authorities(uuid, {});
}

}  // namespace steward::platform
