// ClientCertificateInstall: certificates with their keys that a server brings as PFX files. Source: DDF
// ClientCertificateInstall.
#include <string>

#include "csp/csp.h"
#include "platform/host.h"

namespace steward::csp {

using platform::ClientCertificate;

namespace {

constexpr AccessSet settable = can_add | can_get | can_replace;
constexpr AccessSet write_only = can_add | can_replace;
constexpr int not_found = -2146885628;  // CRYPT_E_NOT_FOUND
constexpr char row[] = "PFXCertInstall/{UniqueID}";

}  // namespace

Csp client_certificate_install(platform::Host& host) {
    auto& clients = host.certificates.clients;
    const auto told = [&clients](auto text) {
        return [&clients, text](const Keys& keys) -> Result<std::string> {
            if (keys.empty()) return Error{Fault::bug, "An installed certificate without a name.", ""};
            auto installed = clients.read(keys.front());
            if (!installed) return std::move(installed).error();
            return text(*installed);
        };
    };
    return Csp("./Device/Vendor/MSFT/ClientCertificateInstall", "Certificates with which this device signs in.")
        .nodes({interior("PFXCertInstall", "Those that came as a PFX, with their keys.")})
        .table<ClientCertificate>(
            clients, row,
            {
                field("KeyLocation", &ClientCertificate::key_location,
                      "Where the key is kept. Here it is always a file that only root can read: 2 reads as 3.")
                    .one_of({{"1", "TPM"}, {"2", "TPM if present"}, {"3", "software"}, {"4", "Windows Hello"}})
                    .access(settable)
                    .reads_as([](std::string location) { return location == "2" ? std::string("3") : location; }),
                field("PFXCertBlob", &ClientCertificate::pfx, "The PFX; setting it installs it. It can't be read back.")
                    .format(Format::bin)
                    .access(write_only)
                    .secret()
                    .reads_as(platform::digest_of_pfx),
                field("PFXCertPassword", &ClientCertificate::password,
                      "The password of the PFX; it can't be read back.")
                    .access(write_only)
                    .secret()
                    .reads_as([](std::string) { return std::string("*"); }),
                field("PFXCertPasswordEncryptionType", &ClientCertificate::password_encryption,
                      "How the password itself is encrypted; here it has to be 0.")
                    .one_of({{"0", "not at all"},
                             {"1", "for the certificate of the enrolment"},
                             {"2", "for another certificate"}})
                    .access(settable)
                    .otherwise(0),
                field("PFXKeyExportable", &ClientCertificate::exportable,
                      "Whether the key may be copied; a key in a file always can.")
                    .access(settable)
                    .otherwise("true"),
            })
        .nodes({
            value(std::string(row) + "/Thumbprint", Format::chr, "The SHA-1 of the certificate that is installed.",
                  told([](const ClientCertificate& of) -> Result<std::string> {
                      if (of.thumbprint) return *of.thumbprint;
                      return Error{Fault::not_found, "No certificate is installed under this name.", ""};
                  })),
            value(std::string(row) + "/Status", Format::integer,
                  "0: the certificate and its key are there; else the error of Windows that says what is wrong.",
                  told([](const ClientCertificate& of) -> Result<std::string> {
                      return to_text(of.complete.value_or(false) ? 0 : not_found);
                  })),
        });
}

}  // namespace steward::csp
