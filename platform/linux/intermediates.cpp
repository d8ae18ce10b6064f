#include "platform/linux/intermediates.h"

#include <utility>

#include "platform/authority.h"
#include "platform/base/bytes.h"
#include "platform/base/certificate.h"
#include "platform/base/text.h"
#include "platform/linux/trust.h"

namespace steward::platform {
namespace {

const std::string directory = "/etc/steward/certificates/intermediates";
constexpr std::string_view ending = ".pem";
constexpr std::size_t made_directories = 2;  // below /etc/steward, which is an administrator's

std::string path_of(std::string_view key) {
    return directory + "/" + std::string(key) + std::string(ending);
}

}  // namespace

Result<std::vector<std::string>> Intermediates::names() {
    const auto files = files_.list(directory);
    if (!files) {
        if (files.error().fault != Fault::not_found) return files.error();
        return std::vector<std::string>();
    }
    std::vector<std::string> names;
    for (const auto& file : *files) {
        if (file.ends_with(ending)) names.push_back(file.substr(0, file.size() - ending.size()));
    }
    return names;
}

Result<StoredCertificate> Intermediates::read(std::string_view key) {
    const Error missing{Fault::not_found, "This device knows no intermediate authority of that thumbprint.",
                        std::string(key)};
    if (key.find('/') != std::string_view::npos) return missing;
    const auto pem = files_.find(path_of(key));
    if (!pem) return pem.error();
    const auto certificate = *pem ? read_certificate(**pem) : Result<Certificate>(missing);
    // A file that somebody has changed is not the certificate that it is named after.
    if (!certificate || !same_ignoring_case(certificate->thumbprint, key)) return missing;
    return StoredCertificate{to_base64(certificate->der)};
}

Outcome Intermediates::write(std::string_view key, const StoredCertificate& managed) {
    const auto der = authority_named(key, managed);
    if (!der) return der.error();
    const Change change{path_of(key), to_pem(*der)};
    return files_.apply({&change, 1});
}

Outcome Intermediates::erase(std::string_view key) {
    if (key.find('/') != std::string_view::npos) return {};
    const Change change{path_of(key), std::nullopt, 0644, made_directories};
    return files_.apply({&change, 1});
}

}  // namespace steward::platform
