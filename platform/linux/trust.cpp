#include "platform/linux/trust.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "platform/authority.h"
#include "platform/base/bytes.h"
#include "platform/base/certificate.h"
#include "platform/base/text.h"

namespace steward::platform {

namespace {

const std::string mark = "/var/lib/steward/certificates/trust-has-changed";
constexpr std::string_view mark_text = "What the system trusts has to be put together anew. Written by Steward.\n";
constexpr std::string_view mark_of_removal = "Something was taken away.\n";
constexpr std::string_view prefix = "steward-", ending = ".crt";
constexpr std::size_t largest_list = 4u << 20;
constexpr std::string_view debian_tool = "/usr/sbin/update-ca-certificates";
constexpr std::string_view redhat_tool = "/usr/bin/update-ca-trust";

// update-ca-certificates of Debian and update-ca-trust of Fedora take other places than those of the system: what is
// done in a private root is done by the real tool, and stays there.
std::vector<std::string> arguments_of(std::string_view tool, const std::string& root, bool removed) {
    std::vector<std::string> arguments{std::string(tool)};
    const bool whole_system = root == "/";
    if (tool == redhat_tool) {
        arguments.emplace_back("extract");
        if (!whole_system) arguments.insert(arguments.end(), {"--output", root + "/etc/pki/ca-trust/extracted"});
        return arguments;
    }
    // Else the links to what is gone stay. It takes all links away for a moment, so not without need.
    if (removed) arguments.emplace_back("--fresh");
    if (whole_system) return arguments;
    for (const auto& [option, path] :
         {std::pair("--certsconf", "/etc/ca-certificates.conf"), std::pair("--certsdir", "/usr/share/ca-certificates"),
          std::pair("--localcertsdir", "/usr/local/share/ca-certificates"),
          std::pair("--etccertsdir", "/etc/ssl/certs"), std::pair("--hooksdir", "/etc/ca-certificates/update.d")}) {
        arguments.insert(arguments.end(), {option, root + path});
    }
    return arguments;
}

std::string anchor_of(std::string_view directory, std::string_view key) {
    return std::string(directory) + "/" + std::string(prefix) + std::string(key) + std::string(ending);
}

Error not_ours_to_set() {
    return {Fault::refused, "What the distribution and the administrator trust is observed, not set.", {}};
}

Result<const TrustFamily*> family_of(const Files& files) {
    static constexpr std::array<TrustFamily, 2> families = {
        {{debian_tool, "/usr/local/share/ca-certificates", "/etc/ssl/certs/ca-certificates.crt"},
         {redhat_tool, "/etc/pki/ca-trust/source/anchors", "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem"}}};
    for (const auto& each : families) {
        auto tool = files.present(each.tool);
        if (!tool) return std::move(tool).error();
        if (*tool) return &each;
    }
    return Error{Fault::unsupported,
                 "This system has no list of trusted authorities that can be added to: install ca-certificates.",
                 std::string(debian_tool) + ", " + std::string(redhat_tool)};
}

}  // namespace

Outcome TrustAnchors::settle() {
    auto changed = files_.find(mark);
    if (!changed) return std::move(changed).error();
    if (!*changed) return {};
    const auto found = family_of(files_);
    if (!found) return found.error();
    Command command;
    command.deadline = std::chrono::minutes(5);  // it starts several programs per authority
    command.arguments = arguments_of((*found)->tool, files_.root(), (*changed)->ends_with(mark_of_removal));
    const auto ended = processes_.run(command);
    if (!ended) return ended.error();
    if (ended->code != 0) {
        return Error{Fault::io,
                     std::string((*found)->tool) + " failed: what the system trusts is not yet what was asked.",
                     std::string(trim(ended->errors.empty() ? ended->output : ended->errors))};
    }
    const Change done{mark, std::nullopt, 0600, 1};
    return files_.apply({&done, 1});
}

// The mark stands before the change does, and both or neither.
Outcome TrustAnchors::apply_marked(Change change) {
    const auto before = files_.find(mark);
    if (!before) return before.error();
    const bool removes = !change.content || (*before && (*before)->ends_with(mark_of_removal));
    const std::array<Change, 2> both = {
        Change{mark, std::string(mark_text) + std::string(removes ? mark_of_removal : std::string_view()), 0600, 1},
        std::move(change)};
    return files_.apply(both);
}

Result<std::shared_ptr<const CertificatesByThumbprint>> TrustAnchors::trusted() {
    (void)settle();  // what could not be put into effect is not in the list
    return list();
}

Result<std::shared_ptr<const CertificatesByThumbprint>> TrustAnchors::list() {
    const auto found = family_of(files_);
    if (!found) {
        if (found.error().fault != Fault::unsupported) return found.error();
        return std::shared_ptr<const CertificatesByThumbprint>(std::make_shared<CertificatesByThumbprint>());
    }
    const auto now = files_.stat((*found)->list);
    if (!now) {
        if (now.error().fault != Fault::not_found) return now.error();
        list_ = std::make_shared<CertificatesByThumbprint>();
        list_file_ = 0;
        return list_;
    }
    const bool same = list_ && list_file_ == now->st_ino && list_time_.tv_sec == now->st_mtim.tv_sec &&
                      list_time_.tv_nsec == now->st_mtim.tv_nsec;
    if (same) return list_;
    const auto pem = files_.read((*found)->list, largest_list);
    if (!pem) return pem.error();
    auto fresh = std::make_shared<CertificatesByThumbprint>();
    if (!trim(*pem).empty()) {
        const auto certificates = read_certificates(*pem);
        if (!certificates) {
            return Error{Fault::io, "The list of authorities that the system trusts is damaged.",
                         std::string((*found)->list)};
        }
        for (const auto& der : *certificates) fresh->emplace(thumbprint_of(der), der);
    }
    list_ = std::move(fresh);
    list_file_ = now->st_ino;
    list_time_ = now->st_mtim;
    return list_;
}

Result<std::vector<std::string>> TrustAnchors::names() {
    const auto found = family_of(files_);
    if (!found) {
        if (found.error().fault != Fault::unsupported) return found.error();
        return std::vector<std::string>();
    }
    const auto files = files_.list((*found)->anchors);
    if (!files) {
        if (files.error().fault != Fault::not_found) return files.error();
        return std::vector<std::string>();
    }
    std::vector<std::string> names;
    for (const auto& file : *files) {
        if (!file.starts_with(prefix) || !file.ends_with(ending)) continue;
        auto name = file.substr(prefix.size(), file.size() - prefix.size() - ending.size());
        if (names_certificate(name)) names.push_back(std::move(name));
    }
    return names;
}

Result<std::string> own_anchor(const Files& files, std::string_view thumbprint) {
    const auto found = family_of(files);
    if (!found) return found.error().fault == Fault::unsupported ? Result<std::string>(std::string()) : found.error();
    const auto names = files.list((*found)->anchors);
    if (!names) return names.error().fault == Fault::not_found ? Result<std::string>(std::string()) : names.error();
    const auto name = std::find_if(names->begin(), names->end(), [&](const std::string& file) {
        return same_ignoring_case(file, std::string(prefix) + std::string(thumbprint) + std::string(ending));
    });
    if (name == names->end()) return std::string();
    const auto pem = files.read(std::string((*found)->anchors) + "/" + *name);
    if (!pem) return pem.error();
    const auto certificate = read_certificate(*pem);
    if (!certificate || !same_ignoring_case(certificate->thumbprint, thumbprint)) return std::string();
    return certificate->der;
}

Result<StoredCertificate> TrustAnchors::read(std::string_view key) {
    const auto settled = settle();
    const auto all = list();
    if (!all) return all.error();
    const auto found = (*all)->find(upper(key));
    if (found == (*all)->end()) {
        return Error{Fault::not_found, "The system trusts no authority of that thumbprint.",
                     settled ? std::string(key) : settled.error().what + " " + settled.error().evidence};
    }
    if (!settled) {
        // It may be about to go, or be the distribution's own: nobody knows before the tool has worked.
        const auto names = this->names();
        const bool ours = names && std::find(names->begin(), names->end(), key) != names->end();
        if (!ours) return settled.error();
    }
    return StoredCertificate{to_base64(found->second)};
}

Outcome TrustAnchors::write(std::string_view key, const StoredCertificate& managed) {
    auto der = authority_named(key, managed);
    if (!der) return std::move(der).error();
    const auto found = family_of(files_);
    if (!found) return found.error();
    const auto path = anchor_of((*found)->anchors, key);
    auto pem = to_pem(*der);
    const auto present = files_.find(path);
    if (!present) return present.error();
    if (*present && **present == pem) {
        const auto now = list();
        const auto pending = files_.present(mark);
        if (now && (*now)->contains(upper(key)) && pending && !*pending) return {};
    }
    return apply_marked({path, std::move(pem)});
}

Outcome TrustAnchors::erase(std::string_view key) {
    if (!names_certificate(key)) return {};
    const auto found = family_of(files_);
    if (!found) return found.error().fault == Fault::unsupported ? Outcome() : found.error();
    const auto path = anchor_of((*found)->anchors, key);
    auto present = files_.present(path);
    if (!present) return std::move(present).error();
    if (!*present) return {};
    return apply_marked({path, std::nullopt});
}

Result<std::vector<std::string>> SystemTrust::names() {
    const auto list = anchors_.trusted();
    if (!list) return list.error();
    std::vector<std::string> names;
    names.reserve((*list)->size());
    for (const auto& [name, der] : **list) names.push_back(name);
    return names;
}

Outcome SystemTrust::write(std::string_view, const StoredCertificate&) {
    return not_ours_to_set();
}

Outcome SystemTrust::erase(std::string_view) {
    return not_ours_to_set();
}

}  // namespace steward::platform
