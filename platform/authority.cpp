#include "platform/authority.h"

#include "platform/base/bytes.h"
#include "platform/base/certificate.h"
#include "platform/base/certificate_use.h"
#include "platform/base/text.h"

namespace steward::platform {
namespace {

constexpr std::size_t name_length = 40;

}  // namespace

bool names_certificate(std::string_view key) {
    return key.size() == name_length && from_hex(key).has_value();
}

Result<std::string> authority_named(std::string_view key, const StoredCertificate& managed) {
    if (!names_certificate(key)) {
        return Error{Fault::invalid,
                     "A certificate is named by its SHA-1 thumbprint: 40 hexadecimal digits without separators.",
                     std::string(key.substr(0, name_length * 2))};
    }
    const auto der = managed.encoded ? from_base64(*managed.encoded) : std::nullopt;
    if (!der) return Error{Fault::incomplete, "There is no certificate (EncodedCertificate, in base64).", {}};
    if (der->size() > longest_certificate)
        return Error{Fault::too_large, "A certificate of more than 64 KiB is refused.", {}};
    const auto certificate = read_certificate(*der);
    if (!certificate) return certificate.error();
    if (certificate->der != *der) {
        return Error{Fault::malformed, "The certificate must be DER in base64, with nothing around it.", {}};
    }
    if (!same_ignoring_case(certificate->thumbprint, key)) {
        return Error{Fault::invalid, "The certificate is not the one that the node is named after.",
                     "its SHA-1 thumbprint is " + certificate->thumbprint};
    }
    const auto use = read_certificate_use(*der);
    if (!use) return use.error();
    if (!use->authority) {
        return Error{Fault::invalid,
                     "This is no certificate of an authority (CA:TRUE): to trust it would vouch for nobody.",
                     certificate->subject};
    }
    return *der;
}

}  // namespace steward::platform
