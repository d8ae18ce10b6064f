#include "csp/certificate_nodes.h"

#include <utility>

#include "platform/base/bytes.h"
#include "platform/base/certificate.h"
#include "platform/base/certificate_use.h"
#include "platform/base/clock.h"

namespace steward::csp {
namespace {

using platform::StoredCertificate;

Result<Certificate> certificate_in(platform::Table<StoredCertificate>& store, const Keys& keys) {
    if (keys.empty()) return Error{Fault::bug, "A certificate without a name.", ""};
    auto stored = store.read(keys.back());
    if (!stored) return std::move(stored).error();
    const auto der = stored->encoded ? from_base64(*stored->encoded) : std::nullopt;
    if (!der) return Error{Fault::not_found, "There is no certificate of that thumbprint.", keys.back()};
    return read_certificate(*der);
}

std::string time_text(Instant time) {
    return iso_extended(time.time_since_epoch().count());
}

}  // namespace

Csp certificate_told(Csp csp, const std::string& row, platform::Table<StoredCertificate>& store) {
    const auto told = [&](const char* name, const char* about, auto text) {
        return value(row + "/" + name, Format::chr, about, [&store, text](const Keys& keys) -> Result<std::string> {
            auto certificate = certificate_in(store, keys);
            if (!certificate) return std::move(certificate).error();
            return text(*certificate);
        });
    };
    return std::move(csp).nodes({
        told("IssuedBy", "Who vouches for it.", [](const Certificate& of) { return of.issuer; }),
        told("IssuedTo", "Whom it names.", [](const Certificate& of) { return of.subject; }),
        told("ValidFrom", "When its time begins.", [](const Certificate& of) { return time_text(of.not_before); }),
        told("ValidTo", "When its time ends.", [](const Certificate& of) { return time_text(of.not_after); }),
        told("TemplateName", "By which template Microsoft's certificate services made it.",
             [](const Certificate& of) -> Result<std::string> {
                 auto use = read_certificate_use(of.der);
                 if (!use) return std::move(use).error();
                 if (use->template_name.empty())
                     return Error{Fault::not_found, "The certificate names no template.", of.thumbprint};
                 return use->template_name;
             }),
    });
}

}  // namespace steward::csp
