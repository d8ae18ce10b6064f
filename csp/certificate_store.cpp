// CertificateStore: which certificates are on this device. They are set where that has a meaning for the whole system
// (RootCATrustedCertificates) or where the key comes along (ClientCertificateInstall); here all of them are told. The
// rows below Renew are the setting themselves: the agent reads them.
// Source: DDF CertificateStore.
#include <string>
#include <utility>

#include "csp/certificate_nodes.h"
#include "csp/csp.h"
#include "platform/host.h"

namespace steward::csp {

using platform::StoredCertificate;

namespace {

constexpr int most_days = 1000;

Csp listed(Csp csp, const std::string& place, const char* about, platform::Table<StoredCertificate>& store) {
    const std::string row = place + "/{CertHash}";
    auto made = std::move(csp)
                    .nodes({interior(place, about)})
                    .inventory<StoredCertificate>(
                        store, row,
                        {field("EncodedCertificate", &StoredCertificate::encoded, "The certificate: DER in base64.")
                             .format(Format::b64)});
    return certificate_told(std::move(made), row, store);
}

}  // namespace

Csp certificate_store(platform::Host& host) {
    auto& stores = host.certificates;
    Csp csp("./Device/Vendor/MSFT/CertificateStore", "The certificates of this device.");
    csp = listed(std::move(csp), "ROOT", "Trust anchors that a server added.", stores.roots);
    csp = listed(std::move(csp), "ROOT/System", "All that the system trusts, whoever added them.", stores.system);
    csp = listed(std::move(csp), "CA", "Intermediate authorities that a server added.", stores.intermediates);
    csp = listed(std::move(csp), "MY/User", "Those that a server installed, with their keys.", stores.personal);
    const std::string renew = "MY/WSTEP/Renew/";
    return std::move(csp).nodes({
        interior("MY", "Certificates whose keys this device has."),
        interior("MY/WSTEP", "The certificate with which this device proves itself to the server."),
        interior("MY/WSTEP/Renew", "When it is renewed; what is not set is as it came with the enrolment."),
        kept(renew + "RenewPeriod", Format::integer, "So many days before its end it is renewed.")
            .between(1, most_days)
            .otherwise(42),
        kept(renew + "RetryInterval", Format::integer, "So many days after a failure it is tried again.")
            .between(1, most_days)
            .otherwise(7),
        kept(renew + "ROBOSupport", Format::boolean, "Whether it is renewed by itself.").otherwise("true"),
    });
}

}  // namespace steward::csp
