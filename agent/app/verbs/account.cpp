// Accounts: which servers may manage this device.
#include <algorithm>
#include <filesystem>
#include <iostream>

#include "agent/app/desk.h"
#include "agent/app/enrolling.h"
#include "agent/app/json.h"
#include "agent/app/verb.h"
#include "agent/transport/curl.h"
#include "platform/base/bytes.h"
#include "platform/base/path.h"
#include "platform/base/text.h"

namespace steward::app {
namespace {

Result<session::Credentials> credentials(const Options& options, const std::string& prefix,
                                         const std::string& otherwise) {
    session::Credentials made;
    const std::string word = options.get(prefix + "auth", otherwise);
    const auto kind = session::auth_named(word);
    if (!kind) {
        return Error{Fault::invalid, "\"" + word + "\" is no way to authenticate: none, basic, md5 or mac.", {}};
    }
    made.kind = *kind;
    if (made.kind == session::Auth::none) return made;
    made.name = options.get(prefix + "user");
    if (made.name.empty() || !options.has(prefix + "secret-file")) {
        return Error{Fault::invalid,
                     "--" + prefix + "user and --" + prefix +
                         "secret-file are needed for this way to "
                         "authenticate.",
                     {}};
    }
    auto secret = read_secret(options.get(prefix + "secret-file"));
    if (!secret) return secret.error();
    made.secret = std::move(*secret);
    if (options.has(prefix + "nonce")) {
        const auto raw = from_base64(options.get(prefix + "nonce"));
        if (!raw) return Error{Fault::invalid, "--" + prefix + "nonce is no base64 text.", {}};
        made.nonce = *raw;
        made.nonce_known = true;
    }
    return made;
}

Result<std::string> existing_file(const Options& options, const char* name) {
    if (!options.has(name)) return std::string();
    std::error_code error;
    const auto path = std::filesystem::absolute(path_of(options.get(name)), error);
    if (error || !std::filesystem::is_regular_file(path, error)) {
        return Error{
            Fault::not_found, "--" + std::string(name) + ": there is no file \"" + options.get(name) + "\".", {}};
    }
    return text_of(path);
}

Result<Account> account_from(const Options& options, const std::string& id) {
    Account account;
    account.id = id;
    account.name = options.get("name");
    account.url = options.get("url");
    if (account.url.empty()) return Error{Fault::invalid, "--url is missing.", {}};
    if (auto fine = transport::acceptable_url(account.url); !fine) return fine.error();
    auto client = credentials(options, "", options.has("user") ? "md5" : "none");
    if (!client) return client.error();
    account.client = std::move(*client);
    auto server = credentials(options, "server-", "none");
    if (!server) return server.error();
    account.server = std::move(*server);
    for (auto [name, place] :
         {std::pair{"ca-file", &account.trust.ca_file}, std::pair{"certificate-file", &account.trust.certificate_file},
          std::pair{"key-file", &account.trust.key_file}}) {
        auto path = existing_file(options, name);
        if (!path) return path.error();
        *place = std::move(*path);
    }
    auto proxy = proxy_of(options);
    if (!proxy) return proxy.error();
    account.trust.proxy = std::move(*proxy);
    if (options.has("wbxml")) account.encoding = session::Encoding::wbxml;
    account.allow_digest_without_tls = options.has("allow-digest-without-tls");
    return account;
}

int add(const Call& call, const std::string& id) {
    auto account = account_from(call.options, id);
    if (!account) {
        return account.error().fault == Fault::invalid ? usage(account.error().what, "account")
                                                       : report(account.error());
    }
    auto agent = open_to_change(call.places);
    if (!agent) return report(agent.error());
    if (auto added = (*agent)->accounts().add(*account); !added) return report(added.error());
    agent->reset();
    nudge_service(call.places);
    std::cout << "account " << id << " added; next: steward sync --account " << id << "\n";
    return exit_ok;
}

int list(const Call& call) {
    auto agent = Agent::open(call.places, Purpose::read);
    if (!agent) return report(agent.error());
    Json json = Json::array();
    for (const auto& account : (*agent)->accounts().all()) {
        if (call.json) {
            json.push(Json::object()
                          .set("id", account.id)
                          .set("name", account.name)
                          .set("url", account.url)
                          .set("auth", session::name_of(account.client.kind))
                          .set("serverAuth", session::name_of(account.server.kind))
                          .set("encoding", syncml::content_type(account.encoding))
                          .set("node", Accounts::node_of(account.id)));
        } else {
            std::cout << account.id << "  " << account.url << "  auth " << session::name_of(account.client.kind)
                      << ", server " << session::name_of(account.server.kind) << "\n";
        }
    }
    if (call.json) std::cout << json.text();
    return exit_ok;
}

int remove(const Call& call, const std::string& id) {
    auto agent = open_to_change(call.places);
    if (!agent) return report(agent.error());
    auto account = (*agent)->accounts().find(id);
    if (!account) return report(account.error());
    const auto released = (*agent)->tree().release(account->id);
    for (const auto& left : (*agent)->tree().leftovers()) {
        std::cerr << "steward: " << left.uri << " did not return to \"" << left.desired.value_or("") << "\"; it is \""
                  << left.device.value_or("") << "\".\n";
    }
    if (!released) return report(released.error());
    if (auto forgotten = forget_enrolment(**agent, account->id); !forgotten) return report(forgotten.error());
    std::cout << "account " << account->id << " removed; its settings are given back\n";
    return exit_ok;
}

int run(const Call& call) {
    const auto& words = call.options.positional();
    if (words.empty() || words[0] == "list") return list(call);
    if (words[0] != "add" && words[0] != "remove")
        return usage("\"" + words[0] + "\" is not add, list or remove.", "account");
    if (words.size() < 2) return usage("The account's id is missing.", "account");
    return words[0] == "add" ? add(call, words[1]) : remove(call, words[1]);
}

}  // namespace

Verb account_verb() {
    return {"account",
            "add, list or remove accounts of management servers",
            "add ID --url URL [OPTIONS] | list | remove ID",
            {{"url", "URL", "where the server is: https, or http on this machine only"},
             {"name", "TEXT", "a name for people"},
             {"auth", "KIND", "how the device proves itself: none, basic, md5 (default with --user) or mac"},
             {"user", "NAME", "user name of the device"},
             {"secret-file", "FILE", "file with its password; - is standard input"},
             {"nonce", "BASE64", "nonce that was agreed with the server"},
             {"server-auth", "KIND", "how the server must prove itself besides TLS (default: none)"},
             {"server-user", "NAME", "user name of the server"},
             {"server-secret-file", "FILE", "file with its password"},
             {"server-nonce", "BASE64", "nonce that the server uses first"},
             {"ca-file", "FILE", "PEM certificates that vouch for the server (default: the system's)"},
             {"certificate-file", "FILE", "PEM certificate for mutual TLS"},
             {"key-file", "FILE", "PEM key of that certificate"},
             {"proxy", "URL", "proxy to use"},
             {"proxy-file", "FILE", "file with the proxy, where its address holds a password; - is standard input"},
             {"wbxml", "", "begin in WBXML instead of XML"},
             {"allow-digest-without-tls", "", "let digests travel over http on this machine"}},
            2,
            "  steward account add corp --url https://mdm.example/dm --user dev-1 --secret-file pw\n"
            "  steward account list\n"
            "  steward account remove corp\n",
            run};
}

}  // namespace steward::app
