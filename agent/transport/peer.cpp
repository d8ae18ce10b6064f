#include "agent/transport/peer.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <memory>
#include <string_view>

#include "platform/base/certificate.h"
#include "platform/base/text.h"

namespace steward::transport {
namespace {

constexpr std::size_t names_kept = 5;
constexpr int alert_handshake_failure = 40;
constexpr int alert_protocol_version = 70;
constexpr int alert_certificate_required = 116;

int peer_slot() {  // where an SSL_CTX keeps its Peer
    static const int slot = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return slot;
}

std::string utc(Instant instant) {
    return iso_extended(instant.time_since_epoch().count());
}

// Printable ASCII only: these names come from the network and go to a terminal and a log.
std::string printable(const ASN1_STRING* text) {
    std::string out;
    const unsigned char* data = ASN1_STRING_get0_data(text);
    for (int i = 0; i < ASN1_STRING_length(text) && out.size() < 255; ++i) {
        out += data[i] > 0x20 && data[i] < 0x7f ? static_cast<char>(data[i]) : '?';
    }
    return out;
}

std::string address_of(const ASN1_OCTET_STRING* raw) {
    const unsigned char* data = ASN1_STRING_get0_data(raw);
    const int length = ASN1_STRING_length(raw);
    if (length != 4 && length != 16) return "?";
    std::string text;
    for (int i = 0; i < length; i += length == 4 ? 1 : 2) {
        char part[8];
        if (length == 4) {
            std::snprintf(part, sizeof part, i == 0 ? "%u" : ".%u", static_cast<unsigned>(data[i]));
        } else {
            std::snprintf(part, sizeof part, i == 0 ? "%x" : ":%x",
                          static_cast<unsigned>(data[i]) << 8 | static_cast<unsigned>(data[i + 1]));
        }
        text += part;
    }
    return text;
}

std::vector<std::string> names_of(const X509* certificate) {
    std::vector<std::string> names;
    const std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)> all(
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)),
        GENERAL_NAMES_free);
    for (int i = 0; all && i < sk_GENERAL_NAME_num(all.get()) && names.size() < names_kept; ++i) {
        int kind = 0;
        const auto* value =
            static_cast<const ASN1_STRING*>(GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(all.get(), i), &kind));
        if (kind == GEN_DNS) names.push_back(printable(value));
        if (kind == GEN_IPADD) names.push_back(address_of(value));
    }
    return names;
}

void remember(Peer& peer, const Certificate& certificate) {
    peer.subject = certificate.subject;
    peer.issuer = certificate.issuer;
    peer.fingerprint = certificate.fingerprint;
    peer.not_before = certificate.not_before;
    peer.not_after = certificate.not_after;
}

Peer::Problem problem_of(int code) {
    switch (code) {
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
        case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        case X509_V_ERR_CERT_UNTRUSTED:
            return Peer::Problem::unknown_authority;
        case X509_V_ERR_CERT_HAS_EXPIRED:
            return Peer::Problem::expired;
        case X509_V_ERR_CERT_NOT_YET_VALID:
            return Peer::Problem::not_yet_valid;
        default:
            return Peer::Problem::other;
    }
}

std::optional<ChainEnd> chain_end_of(const STACK_OF(X509) * chain) {
    std::optional<ChainEnd> first;
    for (int i = 0; i < sk_X509_num(chain); ++i) {
        const auto each = facts_of(sk_X509_value(chain, i));
        if (!first || each.not_after < first->not_after) first = {each.subject, each.not_before, each.not_after};
    }
    return first;
}

// Stands in for X509_verify_cert and adds nothing to its verdict.
int verify(X509_STORE_CTX* store, void* argument) {
    auto& peer = *static_cast<Peer*>(argument);
    peer = {};
    const int verdict = X509_verify_cert(store);
    if (const X509* server = X509_STORE_CTX_get0_cert(store)) {
        const auto facts = facts_of(server);
        remember(peer, facts);
        peer.key_pin = facts.key_pin;
        peer.names = names_of(server);
    }
    if (verdict > 0) {
        peer.chain_end = chain_end_of(X509_STORE_CTX_get0_chain(store));
    } else {
        const int code = X509_STORE_CTX_get_error(store);
        peer.problem = problem_of(code);
        peer.reason = X509_verify_cert_error_string(code);
        if (const X509* culprit = X509_STORE_CTX_get_current_cert(store)) remember(peer, facts_of(culprit));
    }
    return verdict;
}

void note_alert(const SSL* ssl, int where, int value) {
    if ((where & SSL_CB_ALERT) == 0 || (value & 0xff) == SSL3_AD_CLOSE_NOTIFY) return;
    auto* peer = static_cast<Peer*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), peer_slot()));
    if (peer == nullptr) return;
    peer->alert = value & 0xff;
    peer->alert_is_ours = (where & SSL_CB_WRITE) != 0;
}

std::string evidence_of(const Peer& peer) {
    std::string text;
    if (!peer.reason.empty()) text = peer.reason;
    if (!peer.fingerprint.empty()) {
        if (!text.empty()) text += "; ";
        text += "certificate of " + peer.subject + ", issued by " + peer.issuer + ", SHA-256 " + peer.fingerprint;
    }
    if (peer.alert) {
        if (!text.empty()) text += "; ";
        text += std::string("TLS alert ") + (peer.alert_is_ours ? "sent by us: " : "from the server: ") +
                SSL_alert_desc_string_long(*peer.alert);
    }
    return text;
}

std::string of_alert(const Peer& peer, const std::string& host, const std::string& certificate_file) {
    if (!peer.alert) {
        return "The TLS handshake with " + host + " failed: what answers there does not speak TLS as it should. " +
               "Check the port of the address; else it is for the server's administrator.";
    }
    if (*peer.alert == alert_protocol_version) {
        return host +
               " does not offer TLS 1.2 or newer, and nothing older is safe to use. Its administrator must "
               "enable TLS 1.2 or 1.3.";
    }
    if (!peer.alert_is_ours && certificate_file.empty() &&
        (*peer.alert == alert_certificate_required || *peer.alert == alert_handshake_failure)) {
        return host +
               " ended the TLS handshake, most likely because it asks for a client certificate and this "
               "account has none. Give the account its certificate and key.";
    }
    if (!peer.alert_is_ours && !certificate_file.empty()) {
        return host + " refused our client certificate " + certificate_file + " (" +
               SSL_alert_desc_string_long(*peer.alert) +
               "). Its administrator can say which certificates it accepts; enrolling again gives a new one.";
    }
    return "The TLS handshake with " + host + " failed (" + SSL_alert_desc_string_long(*peer.alert) +
           "). The server's administrator can find the reason in its log.";
}

std::string of_certificate(const Peer& peer, const std::string& host, const std::string& ca_file, Instant now) {
    const std::string clock = "This device's clock says " + utc(now);
    switch (peer.problem) {
        case Peer::Problem::unknown_authority:
            return "The certificate of " + host + " is not trusted: no authority in " +
                   (ca_file.empty() ? "the system's store" : ca_file) + " vouches for it (issued by " + peer.issuer +
                   "). If its administrator confirms the SHA-256 fingerprint " + peer.fingerprint +
                   ", add the authority's certificate to the account or to the system's store.";
        case Peer::Problem::expired:
            return "The certificate of " + host + " expired on " + utc(peer.not_after) + ". " + clock +
                   ": if that is right, the server's administrator must renew the certificate, else set the clock.";
        case Peer::Problem::not_yet_valid:
            return "The certificate of " + host + " is valid only from " + utc(peer.not_before) + ". " + clock +
                   ", which is most likely wrong: set the clock.";
        case Peer::Problem::other:
            return "The certificate of " + host + " was refused: " + peer.reason +
                   ". The server's administrator must replace it.";
        case Peer::Problem::none:
            break;
    }
    return "The certificate of " + host + " is for " + (peer.names.empty() ? "no host name" : join(peer.names, ", ")) +
           " and so does not prove that this is " + host +
           ". Either the account's address is wrong or the server's administrator must add the name.";
}

}  // namespace

void watch(void* ssl_ctx, Peer* peer) {
    auto* context = static_cast<SSL_CTX*>(ssl_ctx);
    *peer = {};
    SSL_CTX_set_ex_data(context, peer_slot(), peer);
    SSL_CTX_set_cert_verify_callback(context, verify, peer);
    SSL_CTX_set_info_callback(context, note_alert);
}

bool trust_besides(void* ssl_ctx, const std::string& pem_file) {
    return SSL_CTX_load_verify_file(static_cast<SSL_CTX*>(ssl_ctx), pem_file.c_str()) == 1;
}

Error explain(const Peer& peer, const std::string& host, const std::string& ca_file,
              const std::string& certificate_file, Instant now) {
    const bool certificate_at_fault = peer.problem != Peer::Problem::none || (!peer.fingerprint.empty() && !peer.alert);
    return {Fault::denied,
            certificate_at_fault ? of_certificate(peer, host, ca_file, now) : of_alert(peer, host, certificate_file),
            evidence_of(peer)};
}

}  // namespace steward::transport
