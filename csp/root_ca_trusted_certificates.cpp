// RootCATrustedCertificates: the authorities that this device trusts beyond those of its distribution.
// Source: DDF RootCATrustedCertificates.
#include <string>
#include <utility>

#include "csp/certificate_nodes.h"
#include "csp/csp.h"
#include "platform/host.h"

namespace steward::csp {

using platform::StoredCertificate;

namespace {

Csp with_store(Csp csp, const std::string& name, const char* about, platform::Table<StoredCertificate>& store) {
    const std::string row = name + "/{CertHash}";
    auto made =
        std::move(csp)
            .nodes({interior(name, about)})
            .table<StoredCertificate>(
                store, row,
                {
                    field("EncodedCertificate", &StoredCertificate::encoded,
                          "The certificate: DER in base64, of an authority, with the SHA-1 that names the node.")
                        .format(Format::b64)
                        .access(can_add | can_get | can_replace),
                });
    return certificate_told(std::move(made), row, store);
}

}  // namespace

Csp root_ca_trusted_certificates(platform::Host& host) {
    Csp csp("./Device/Vendor/MSFT/RootCATrustedCertificates", "Authorities that this device trusts or knows.");
    csp = with_store(std::move(csp), "Root", "Trust anchors for every program that asks the system.",
                     host.certificates.roots);
    return with_store(std::move(csp), "CA",
                      "Intermediate authorities: known, so that a network profile may pin them, and trusted by nobody "
                      "else.",
                      host.certificates.intermediates);
}

}  // namespace steward::csp
