#include "tests/support/gate.h"

#include "agent/session/credentials.h"
#include "platform/base/bytes.h"
#include "platform/base/digest.h"

namespace steward::transcript {

using session::Auth;
using Proof = transcript::Answer::Proof;

void Gate::begin(const ClientProof& client, const ServerProof& server) {
    auto client_nonce = client.nonce ? client.nonce : client_.nonce;
    auto server_nonce = server.nonce ? server.nonce : server_.nonce;
    client_ = client;
    server_ = server;
    client_.nonce = std::move(client_nonce);
    server_.nonce = std::move(server_nonce);
    challenges_ = 0;
    accepted_for_session_ = server_accepted_ = refused_by_client_ = false;
}

Gate::Verdict Gate::judge(const syncml::Header& header, std::string_view hmac, std::string_view body) {
    if (client_.kind == Auth::none) return Verdict::open;
    if (client_.kind == Auth::mac) {
        const auto given = session::parse_hmac_header(hmac);
        if (!given) return Verdict::missing;
        if (!client_.nonce) return Verdict::wrong;
        const auto due = session::mac_proof(client_.name, client_.secret, *client_.nonce, body);
        return given->name == client_.name && same_secret(given->mac, due) ? Verdict::proved : Verdict::wrong;
    }
    if (!header.cred) return accepted_for_session_ ? Verdict::open : Verdict::missing;
    if (header.cred->meta.type != session::type_of(client_.kind)) return Verdict::wrong;
    if (client_.kind == Auth::basic) {
        const auto due = session::basic_proof(client_.name, client_.secret);
        return same_secret(header.cred->data, due) ? Verdict::proved : Verdict::wrong;
    }
    if (!client_.nonce) return Verdict::wrong;
    const auto due = session::md5_proof(client_.name, client_.secret, *client_.nonce);
    return header.source.name == client_.name && same_secret(header.cred->data, due) ? Verdict::proved : Verdict::wrong;
}

const std::string& Gate::fresh_nonce() {
    constexpr std::size_t recommended = 16;
    last_nonce_ = challenges_ < client_.challenges.size() ? client_.challenges[challenges_]
                                                          : to_base64(random_bytes(recommended));
    ++challenges_;
    client_.nonce = session::nonce_from_wire(last_nonce_);
    return last_nonce_;
}

syncml::Meta Gate::challenge() {
    syncml::Meta meta("b64", std::string(session::type_of(client_.kind)));
    if (client_.kind == Auth::md5 || client_.kind == Auth::mac) meta.set().next_nonce = fresh_nonce();
    return meta;
}

Gate::Answer Gate::accept(Verdict verdict) {
    if (verdict != Verdict::proved) return {"200", std::nullopt};
    if (client_.kind == Auth::mac) return {"200", challenge()};
    if (client_.each_message) {
        if (client_.kind == Auth::md5) return {"200", challenge()};
        return {"200", std::nullopt};
    }
    accepted_for_session_ = true;
    const bool renews = client_.kind == Auth::md5 && (client_.renew || challenges_ < client_.challenges.size());
    if (renews) return {"212", challenge()};
    return {"212", std::nullopt};
}

Gate::Answer Gate::refuse(Verdict verdict) {
    return {verdict == Verdict::wrong ? "401" : "407", challenge()};
}

void Gate::heard(const syncml::Command& status) {
    refused_by_client_ = status.data == "401" || status.data == "407";
    if (status.data == "212") server_accepted_ = true;
    const auto& chal = status.get().chal;
    if (chal && !chal->get().next_nonce.empty()) server_.nonce = session::nonce_from_wire(chal->get().next_nonce);
}

bool Gate::proof_due(Proof proof) const {
    if (proof == Proof::none || server_.kind == Auth::none) return false;
    if (server_accepted_ && server_.kind != Auth::mac) return false;
    return server_.kind == Auth::basic || server_.nonce.has_value();
}

std::string Gate::server_secret(Proof proof) const {
    return server_.wrong || proof == Proof::wrong ? server_.secret + " and more" : server_.secret;
}

void Gate::sign(syncml::Header& header, Proof proof) const {
    if (!proof_due(proof)) return;
    if (server_.kind != Auth::basic) header.source.name = server_.name;
    if (server_.kind == Auth::mac) return;
    syncml::Credential cred;
    cred.meta = syncml::Meta("b64", std::string(session::type_of(server_.kind)));
    cred.data = server_.kind == Auth::basic ? session::basic_proof(server_.name, server_secret(proof))
                                            : session::md5_proof(server_.name, server_secret(proof), *server_.nonce);
    header.cred = std::move(cred);
}

std::string Gate::hmac(std::string_view body, Proof proof) const {
    if (server_.kind != Auth::mac || !proof_due(proof)) return {};
    return session::hmac_header(server_.name,
                                session::mac_proof(server_.name, server_secret(proof), *server_.nonce, body));
}

}  // namespace steward::transcript
