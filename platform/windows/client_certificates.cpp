#include "platform/windows/client_certificates.h"

#include <algorithm>
#include <utility>

#include "platform/base/bytes.h"
#include "platform/base/digest.h"
#include "platform/base/text.h"
#include "platform/pfx.h"

namespace steward::platform {
namespace {

constexpr std::string_view notes = R"(SOFTWARE\Steward\Clients)";
constexpr std::size_t keys_of_notes = 3, longest_name = 255;

// The name is the server's, and may be anything.
std::string place_of(std::string_view key) {
    return std::string(notes) + "\\" + to_hex(sha256(key)).substr(0, 32);
}

Outcome acceptable(std::string_view key, const ClientCertificate& managed) {
    if (key.empty() || key.size() > longest_name) {
        return Error{Fault::invalid, "The name of an installed certificate has 255 bytes at most.", {}};
    }
    const int location = managed.key_location.value_or(ClientCertificate::software);
    if (location == ClientCertificate::tpm) {
        return Error{Fault::unsupported,
                     "KeyLocation 1 asks for a TPM: a key that comes from outside can't be put into it here. 2 and 3 "
                     "keep it with the system's own keys.",
                     {}};
    }
    if (location == ClientCertificate::hello) {
        return Error{Fault::unsupported, "KeyLocation 4 asks for Windows Hello, which a device's keys don't have.", {}};
    }
    if (managed.password_encryption.value_or(ClientCertificate::plain) != ClientCertificate::plain) {
        return Error{Fault::unsupported,
                     "PFXCertPasswordEncryptionType 1 and 2 (an encrypted password) are not supported: TLS protects "
                     "what a server sends. Use 0.",
                     {}};
    }
    return {};
}

std::vector<Setting> notes_of(std::string_view key, const ClientCertificate& said, const std::string& thumbprint) {
    const auto place = place_of(key);
    const auto number = [&](const char* name, std::optional<int> value) {
        Setting setting{place, name, std::nullopt};
        if (value) setting.value = dword(static_cast<std::uint32_t>(*value));
        return setting;
    };
    const auto text = [&](const char* name, const std::string& value) {
        Setting setting{place, name, std::nullopt};
        if (!value.empty()) setting.value = text_value(value);
        return setting;
    };
    return {text("Name", std::string(key)),
            number("Location", said.key_location),
            number("Encryption", said.password_encryption),
            number("Exportable", said.exportable ? std::optional(*said.exportable ? 1 : 0) : std::nullopt),
            number("Password", said.password ? std::optional(1) : std::nullopt),  // that there is one, never which
            text("Pfx", said.pfx ? digest_of_pfx(*said.pfx) : ""),
            text("Thumbprint", thumbprint)};
}

Error nowhere(std::string_view key) {
    return {Fault::not_found, "No certificate of that name was installed here.", std::string(key)};
}

Error not_by_thumbprint() {
    return {Fault::refused, "A certificate is installed with its key or not at all.", {}};
}

}  // namespace

Result<std::vector<std::string>> WindowsClientCertificates::names() {
    auto keys = registry_.keys(notes);
    if (!keys) return std::move(keys).error();
    std::vector<std::string> names;
    for (const auto& each : *keys) {
        if (auto name = registry_.text(std::string(notes) + "\\" + each, "Name")) names.push_back(std::move(*name));
    }
    std::sort(names.begin(), names.end());
    return names;
}

Result<std::vector<std::string>> WindowsClientCertificates::thumbprints() const {
    auto keys = registry_.keys(notes);
    if (!keys) return std::move(keys).error();
    std::vector<std::string> found;
    for (const auto& each : *keys) {
        auto thumbprint = registry_.text(std::string(notes) + "\\" + each, "Thumbprint");
        if (thumbprint && !thumbprint->empty()) found.push_back(std::move(*thumbprint));
    }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

Result<ClientCertificate> WindowsClientCertificates::read(std::string_view key) {
    const auto place = place_of(key);
    auto there = registry_.has_key(place);
    if (!there) return std::move(there).error();
    if (!*there) return nowhere(key);
    ClientCertificate now;
    const auto number = [&](const char* name) -> std::optional<int> {
        const auto found = registry_.number(place, name);
        return found ? std::optional(static_cast<int>(*found)) : std::nullopt;
    };
    now.key_location = number("Location");
    now.password_encryption = number("Encryption");
    if (const auto exportable = number("Exportable")) now.exportable = *exportable != 0;
    if (number("Password")) now.password = "*";
    auto digest = registry_.text(place, "Pfx");
    const auto thumbprint = registry_.text(place, "Thumbprint");
    if (!digest || !thumbprint) return now;
    auto complete = store_.complete(*thumbprint);
    if (!complete) return std::move(complete).error();
    now.complete = *complete;
    if (!*complete) return now;  // what was installed is not there any more
    now.pfx = std::move(digest);
    now.thumbprint = thumbprint;
    return now;
}

Outcome WindowsClientCertificates::write(std::string_view key, const ClientCertificate& managed) {
    if (auto fine = acceptable(key, managed); !fine) return fine;
    auto said = managed;
    if (said.key_location == ClientCertificate::tpm_if_there) said.key_location = ClientCertificate::software;
    const auto old = registry_.text(place_of(key), "Thumbprint").value_or("");
    if (!managed.pfx) {
        if (!old.empty()) {
            if (auto erased = store_.erase(old); !erased) return erased;
        }
        return registry_.apply(notes_of(key, said, {}));
    }
    auto now = read(key);
    if (!now && now.error().fault != Fault::not_found) return std::move(now).error();
    const bool same =
        now && now->complete == true && now->pfx == digest_of_pfx(*managed.pfx) && now->exportable == said.exportable;
    if (same) return registry_.apply(notes_of(key, said, old));
    const auto der = from_base64(*managed.pfx);
    if (!der) return Error{Fault::malformed, "PFXCertBlob is not base64.", {}};
    if (der->size() > longest_pfx) return Error{Fault::too_large, "A PFX file of more than 512 KiB is refused.", {}};
    const auto password = managed.password.value_or(std::string());
    auto thumbprint = store_.look(*der, password);
    if (!thumbprint) return std::move(thumbprint).error();
    auto taken = store_.has(*thumbprint);
    if (!taken) return std::move(taken).error();
    auto ours = thumbprints();
    if (!ours) return std::move(ours).error();
    if (*taken && std::find(ours->begin(), ours->end(), *thumbprint) == ours->end()) {
        return Error{Fault::exists, "Somebody else has installed this certificate: it is not Steward's to manage.",
                     *thumbprint};
    }
    // Noted first, so that a kill in between leaves nothing that nobody knows of.
    RegistryChange change(registry_);
    if (auto noted = change.apply(notes_of(key, said, *thumbprint)); !noted) return noted;
    if (auto installed = store_.install(*der, password, said.exportable.value_or(true)); !installed) {
        if (*thumbprint != old) (void)store_.erase(*thumbprint);
        return installed;
    }
    change.keep();
    if (!old.empty() && old != *thumbprint) return store_.erase(old);
    return {};
}

Outcome WindowsClientCertificates::erase(std::string_view key) {
    const auto place = place_of(key);
    if (const auto thumbprint = registry_.text(place, "Thumbprint"); thumbprint && !thumbprint->empty()) {
        if (auto erased = store_.erase(*thumbprint); !erased) return erased;
    }
    auto values = registry_.values(place);
    if (!values) return std::move(values).error();
    std::vector<Setting> settings;
    for (const auto& name : *values) settings.push_back({place, name, std::nullopt, keys_of_notes});
    return registry_.apply(settings);
}

Result<std::vector<std::string>> WindowsPersonalCertificates::names() {
    auto noted = clients_.thumbprints();
    if (!noted) return noted;
    auto all = store_.all();
    if (!all) return std::move(all).error();
    std::erase_if(*noted, [&](const std::string& name) { return !all->contains(upper(name)); });
    return noted;
}

Result<StoredCertificate> WindowsPersonalCertificates::read(std::string_view key) {
    auto names = this->names();
    if (!names) return std::move(names).error();
    auto all = store_.all();
    if (!all) return std::move(all).error();
    const auto found = all->find(upper(key));
    const bool ours = std::find(names->begin(), names->end(), upper(key)) != names->end();
    if (!ours || found == all->end()) {
        return Error{Fault::not_found, "No certificate of that thumbprint was installed here.", std::string(key)};
    }
    return StoredCertificate{to_base64(found->second)};
}

Outcome WindowsPersonalCertificates::write(std::string_view, const StoredCertificate&) {
    return not_by_thumbprint();
}

Outcome WindowsPersonalCertificates::erase(std::string_view) {
    return not_by_thumbprint();
}

}  // namespace steward::platform
