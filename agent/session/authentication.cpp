#include "agent/session/authentication.h"

#include <utility>

#include "platform/base/bytes.h"
#include "platform/base/digest.h"
#include "platform/base/text.h"

namespace steward::session {
namespace {

bool is_digest(Auth auth) {
    return auth == Auth::md5 || auth == Auth::mac;
}

std::string proof_of(const Credentials& credentials) {
    if (credentials.kind == Auth::basic) return basic_proof(credentials.name, credentials.secret);
    return md5_proof(credentials.name, credentials.secret, credentials.nonce);
}

}  // namespace

bool ClientProof::due() const {
    return credentials_.kind != Auth::none && !for_session_ && (credentials_.nonce_known || challenged_);
}

void ClientProof::sign(syncml::Header& header) {
    sent_ = due();
    if (sent_ || challenged_) header.source.name = credentials_.name;
    if (!sent_ || credentials_.kind == Auth::mac) return;
    header.cred.emplace();
    header.cred->meta.format = "b64";
    header.cred->meta.type = type_of(credentials_.kind);
    header.cred->data = proof_of(credentials_);
}

std::string ClientProof::hmac(std::string_view body) {
    if (!sent_ || credentials_.kind != Auth::mac) return {};
    return hmac_header(credentials_.name, mac_proof(credentials_.name, credentials_.secret, credentials_.nonce, body));
}

ClientProof::Heard ClientProof::hear(Status header_status, const syncml::Meta* chal) {
    if (header_status == Status::none) return Heard::accepted;
    if (header_status == Status::bad_credentials || header_status == Status::no_credentials) return challenged(chal);
    if (!succeeded(header_status)) return Heard::refused;
    if (!sent_) return Heard::accepted;
    if (header_status == Status::authenticated) {
        if (credentials_.kind == Auth::mac) return Heard::refused;  // every message must carry its own MAC
        for_session_ = true;
    }
    if (chal != nullptr && is_digest(credentials_.kind)) {
        credentials_.nonce = nonce_from_wire(chal->get().next_nonce);
        credentials_.nonce_known = true;
        unsaved_ = true;
    }
    if (std::exchange(unsaved_, false)) to_store_ = credentials_.nonce;
    return Heard::accepted;
}

ClientProof::Heard ClientProof::challenged(const syncml::Meta* chal) {
    if (credentials_.kind == Auth::none) return Heard::not_met;
    Auth wanted = credentials_.kind;
    if (chal != nullptr && !chal->type.empty()) {
        const auto kind = auth_of(chal->type);
        // A digest may stand in for Basic, never the reverse: that would send the secret itself.
        if (!kind || (*kind != wanted && !is_digest(*kind))) return Heard::unknown;
        wanted = *kind;
    } else if (chal == nullptr && sent_) {
        return Heard::not_met;  // refused without a way to do better
    }
    credentials_.kind = wanted;
    challenged_ = true;
    for_session_ = false;
    if (chal != nullptr && is_digest(wanted)) {
        // Good for the retry, but who sent it is not known yet: it is stored when the server has accepted us.
        credentials_.nonce = nonce_from_wire(chal->get().next_nonce);
        unsaved_ = true;
    }
    return Heard::challenged;
}

std::optional<std::string> ClientProof::take_nonce_to_store() {
    return std::exchange(to_store_, std::nullopt);
}

Status ServerProof::check(const syncml::Header& header, std::string_view body, std::string_view hmac) {
    if (credentials_.kind == Auth::none || for_session_) {
        trusted_ = true;
        return Status::done;
    }
    const Status verdict = verify(header, body, hmac);
    trusted_ = succeeded(verdict);
    return verdict;
}

Status ServerProof::verify(const syncml::Header& header, std::string_view body, std::string_view hmac) const {
    if (credentials_.kind == Auth::mac) {
        if (trim(hmac).empty()) return Status::no_credentials;
        const auto sent = parse_hmac_header(hmac);
        const bool good =
            sent && credentials_.nonce_known && sent->name == credentials_.name &&
            same_secret(sent->mac, mac_proof(credentials_.name, credentials_.secret, credentials_.nonce, body));
        return good ? Status::done : Status::bad_credentials;
    }
    if (!header.cred) return Status::no_credentials;
    const bool ready = credentials_.kind == Auth::basic || credentials_.nonce_known;
    const bool good = ready && auth_of(header.cred->meta.type) == credentials_.kind &&
                      same_secret(trim(header.cred->data), proof_of(credentials_));
    return good ? Status::authenticated : Status::bad_credentials;
}

std::optional<syncml::Meta> ServerProof::chal(Status header_status) {
    const bool refused = header_status == Status::no_credentials || header_status == Status::bad_credentials;
    const bool renews = header_status == Status::authenticated || (credentials_.kind == Auth::mac && trusted_);
    if (!refused && !renews) return std::nullopt;
    syncml::Meta chal("b64", std::string(type_of(credentials_.kind)));
    demanded_ = demanded_ || refused;
    if (header_status == Status::authenticated) for_session_ = true;
    if (!is_digest(credentials_.kind)) return refused ? std::optional(std::move(chal)) : std::nullopt;
    credentials_.nonce = make_nonce_();
    credentials_.nonce_known = true;
    chal.set().next_nonce = to_base64(credentials_.nonce);
    // A challenge to somebody unproved must not displace what the real server holds.
    if (!refused) to_store_ = credentials_.nonce;
    return chal;
}

std::optional<std::string> ServerProof::take_nonce_to_store() {
    return std::exchange(to_store_, std::nullopt);
}

}  // namespace steward::session
