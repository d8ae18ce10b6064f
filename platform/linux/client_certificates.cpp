#include "platform/linux/client_certificates.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "platform/base/text.h"
#include "platform/pfx.h"
#include "platform/private_key.h"

namespace steward::platform {
namespace {

const std::string directory = "/etc/steward/certificates/clients";
constexpr std::size_t made_directories = 3;  // below /etc/steward, which is an administrator's
constexpr std::string_view head = "# A certificate that a server installed. Written by Steward.\n";
constexpr std::size_t longest_name = 255;

struct Place {
    std::string install, certificate, key;
};

Place place_of(std::string_view folder) {
    const auto at = directory + "/" + std::string(folder);
    return {at + "/install", at + "/certificate.pem", at + "/key.pem"};
}

// The name is the server's: what it says can be no part of a path.
std::string folder_of(std::string_view key) {
    constexpr std::size_t length = 32;
    return to_hex(sha256(key)).substr(0, length);
}

std::string text_of(std::string_view key, const ClientCertificate& managed) {
    std::string text = std::string(head) + "name " + to_base64(key) + "\n";
    const auto say = [&](const char* word, const std::string& value) {
        text += std::string(word) + " " + value + "\n";
    };
    if (managed.key_location) say("location", std::to_string(*managed.key_location));
    if (managed.password) say("password", "given");  // that there is one, never which
    if (managed.password_encryption) say("encryption", std::to_string(*managed.password_encryption));
    if (managed.exportable) say("exportable", "true");
    if (managed.pfx) say("pfx", digest_of_pfx(*managed.pfx));
    return text;
}

struct Install {
    std::string name;
    ClientCertificate said;  // the PFX as its digest
};

std::optional<Install> install_of(std::string_view text) {
    Install install;
    for (const auto line : split(text, '\n')) {
        const auto blank = line.find(' ');
        if (blank == std::string_view::npos || line.starts_with('#')) continue;
        const auto word = line.substr(0, blank), value = line.substr(blank + 1);
        const auto number = to_integer(value);
        if (word == "name") install.name = from_base64(value).value_or(std::string());
        if (word == "location" && number) install.said.key_location = static_cast<int>(*number);
        if (word == "password") install.said.password = "*";
        if (word == "encryption" && number) install.said.password_encryption = static_cast<int>(*number);
        if (word == "exportable") install.said.exportable = true;
        if (word == "pfx") install.said.pfx = std::string(value);
    }
    if (install.name.empty()) return std::nullopt;
    return install;
}

// The certificate, once the key beside it is the one that belongs to it.
std::optional<Certificate> complete_one(const Files& files, const Place& place) {
    const auto pem = files.find(place.certificate);
    const auto key = files.find(place.key);
    if (!pem || !*pem || !key || !*key) return std::nullopt;
    auto certificate = read_certificate(**pem);
    const auto opened = PrivateKey::of_pem(**key);
    if (!certificate || !opened) return std::nullopt;
    const auto fits = opened->belongs(certificate->der);
    if (!fits || !*fits) return std::nullopt;
    return std::move(*certificate);
}

Error not_by_thumbprint() {
    return {Fault::refused, "A certificate is installed with its key or not at all.", {}};
}

Outcome acceptable(std::string_view key, const ClientCertificate& managed) {
    if (key.empty() || key.size() > longest_name) {
        return Error{Fault::invalid, "The name of an installed certificate has 255 bytes at most.", {}};
    }
    const int location = managed.key_location.value_or(ClientCertificate::software);
    if (location == ClientCertificate::tpm) {
        return Error{Fault::unsupported,
                     "KeyLocation 1 asks for a TPM: a key that comes from outside can't be put into it here. 2 and 3 "
                     "keep it in a file that only root can read.",
                     {}};
    }
    if (location == ClientCertificate::hello) {
        return Error{Fault::unsupported, "KeyLocation 4 asks for Windows Hello, which is not on Linux.", {}};
    }
    if (managed.password_encryption.value_or(ClientCertificate::plain) != ClientCertificate::plain) {
        return Error{Fault::unsupported,
                     "PFXCertPasswordEncryptionType 1 and 2 (an encrypted password) are not supported: TLS protects "
                     "what a server sends. Use 0.",
                     {}};
    }
    if (!managed.exportable.value_or(true)) {
        return Error{Fault::unsupported,
                     "PFXKeyExportable false can't be kept: the key is in a file, and whoever is root can copy it.",
                     {}};
    }
    return {};
}

}  // namespace

Result<std::vector<std::string>> ClientCertificates::names() {
    const auto folders = files_.list(directory);
    if (!folders) {
        if (folders.error().fault != Fault::not_found) return folders.error();
        return std::vector<std::string>();
    }
    std::vector<std::string> names;
    for (const auto& folder : *folders) {
        const auto text = files_.find(place_of(folder).install);
        auto install = text && *text ? install_of(**text) : std::nullopt;
        if (install && folder_of(install->name) == folder) names.push_back(std::move(install->name));
    }
    std::sort(names.begin(), names.end());
    return names;
}

Result<ClientCertificate> ClientCertificates::read(std::string_view key) {
    const auto place = place_of(folder_of(key));
    const auto text = files_.find(place.install);
    if (!text) return text.error();
    auto install = *text ? install_of(**text) : std::nullopt;
    if (!install) {
        return Error{Fault::not_found, "No certificate of that name was installed here.", std::string(key)};
    }
    ClientCertificate now = std::move(install->said);
    if (!now.pfx) return now;
    const auto certificate = complete_one(files_, place);
    now.complete = certificate.has_value();
    if (certificate) {
        now.thumbprint = certificate->thumbprint;
    } else {
        now.pfx.reset();  // what was installed is not there any more
    }
    return now;
}

Outcome ClientCertificates::write(std::string_view key, const ClientCertificate& managed) {
    if (auto fine = acceptable(key, managed); !fine) return fine;
    const auto place = place_of(folder_of(key));
    auto said = managed;
    if (said.key_location == ClientCertificate::tpm_if_there) said.key_location = ClientCertificate::software;
    std::array<Change, 3> changes = {Change{place.key, std::nullopt, 0600}, Change{place.certificate, std::nullopt},
                                     Change{place.install, text_of(key, said), 0600}};
    if (managed.pfx) {
        const auto present = files_.find(place.install);
        if (!present) return present.error();
        if (*present == changes.back().content && complete_one(files_, place)) return {};
        const auto der = from_base64(*managed.pfx);
        if (!der) return Error{Fault::malformed, "PFXCertBlob is not base64.", {}};
        const auto pfx = open_pfx(*der, managed.password.value_or(std::string()));
        if (!pfx) return pfx.error();
        std::string chain = to_pem(pfx->certificate);
        for (const auto& above : pfx->chain) chain += to_pem(above);
        changes[0].content = pfx->key;
        changes[1].content = std::move(chain);
    }
    return files_.apply(changes);
}

Outcome ClientCertificates::erase(std::string_view key) {
    const auto place = place_of(folder_of(key));
    const std::array<Change, 3> changes = {Change{place.key, std::nullopt}, Change{place.certificate, std::nullopt},
                                           Change{place.install, std::nullopt, 0600, made_directories}};
    return files_.apply(changes);
}

Result<std::vector<std::string>> PersonalCertificates::names() {
    std::vector<std::string> names;
    for (const auto& client : installed_clients(files_)) names.push_back(client.certificate.thumbprint);
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

Result<StoredCertificate> PersonalCertificates::read(std::string_view key) {
    for (const auto& client : installed_clients(files_)) {
        if (same_ignoring_case(client.certificate.thumbprint, key))
            return StoredCertificate{to_base64(client.certificate.der)};
    }
    return Error{Fault::not_found, "No certificate of that thumbprint was installed here.", std::string(key)};
}

Outcome PersonalCertificates::write(std::string_view, const StoredCertificate&) {
    return not_by_thumbprint();
}

Outcome PersonalCertificates::erase(std::string_view) {
    return not_by_thumbprint();
}

std::vector<InstalledClient> installed_clients(const Files& files) {
    std::vector<InstalledClient> found;
    const auto folders = files.list(directory);
    if (!folders) return found;
    for (const auto& folder : *folders) {
        auto place = place_of(folder);
        auto certificate = complete_one(files, place);
        if (!certificate) continue;
        auto use = read_certificate_use(certificate->der);
        if (!use) continue;
        found.push_back({std::move(place.certificate), std::move(place.key), std::move(*certificate), std::move(*use)});
    }
    std::sort(found.begin(), found.end(), [](const InstalledClient& a, const InstalledClient& b) {
        return std::pair(a.certificate.not_after, a.certificate.thumbprint) >
               std::pair(b.certificate.not_after, b.certificate.thumbprint);
    });
    return found;
}

}  // namespace steward::platform
