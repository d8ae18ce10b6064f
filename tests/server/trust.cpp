#include "tests/server/trust.h"

namespace steward::server {
namespace {

bool shows_its_certificate(const Enrolled& enrolled, const std::string& device, const Peer& peer) {
    if (!enrolled.authority.vouches_for(peer.certificate, enrolled.clock.now())) return false;
    const auto shown = facts_of(peer.certificate);
    const auto owner = shown ? enrolled.registry.owner_of(shown->thumbprint) : std::nullopt;
    if (!owner || owner->id != device) return false;
    enrolled.registry.used(device, shown->thumbprint);
    return true;
}

}  // namespace

std::optional<IdentifyBy> identify_by_named(std::string_view name) {
    if (name == "either") return IdentifyBy::either;
    if (name == "certificate") return IdentifyBy::certificate;
    if (name == "credentials") return IdentifyBy::credentials;
    if (name == "both") return IdentifyBy::both;
    return std::nullopt;
}

Result<Trusted> trusted(const Enrolled& enrolled, const std::string& device, const Peer& peer,
                        const std::optional<Trusted>& began) {
    const auto known = enrolled.registry.find(device);
    if (!known) return Error{Fault::denied, "The device " + device + " is not enrolled here.", {}};
    if (known->unenrolled && !began) return Error{Fault::denied, "The device " + device + " has left.", {}};
    const bool certain = shows_its_certificate(enrolled, device, peer);
    const bool needed =
        enrolled.by == IdentifyBy::certificate || enrolled.by == IdentifyBy::both || (began && began->by_certificate);
    // Who has just left shows a certificate that nobody owns any more; the session ends all the same.
    if (needed && !certain && !known->unenrolled) {
        return Error{Fault::denied, "TLS shows no certificate that was issued to the device " + device + '.',
                     peer.doubt};
    }
    if (began) return *began;
    Trusted made{*known, certain && enrolled.by != IdentifyBy::credentials, false};
    made.by_credentials = enrolled.by == IdentifyBy::credentials || enrolled.by == IdentifyBy::both || !certain;
    return made;
}

transcript::Transcript with_proofs(transcript::Transcript script, const Enrolled& enrolled, const Trusted& trusted) {
    const auto& secrets = trusted.device.secrets;
    bool first = true;  // later sessions of the same script go on with the nonces they were given
    for (auto& session : script.sessions) {
        session.auth = {};
        session.server_auth = {};
        if (trusted.by_credentials) {
            session.auth.kind = session::Auth::md5;
            session.auth.name = secrets.client_name;
            session.auth.secret = secrets.client_secret;
            session.auth.renew = true;
            if (first) session.auth.nonce = secrets.client_nonce;
        }
        if (enrolled.server_proves_itself) {
            session.server_auth.kind = session::Auth::md5;
            session.server_auth.name = secrets.server_name;
            session.server_auth.secret = secrets.server_secret;
            if (first) session.server_auth.nonce = secrets.server_nonce;
        }
        first = false;
    }
    return script;
}

}  // namespace steward::server
