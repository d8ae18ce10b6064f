#include "agent/app/accounts.h"

#include <algorithm>

#include "agent/tree/uri.h"
#include "platform/base/bytes.h"
#include "platform/base/digest.h"
#include "platform/base/text.h"

namespace steward::app {
namespace {

constexpr std::string_view root = "./SyncML/DMAcc";
constexpr const char* client_side = "CLCRED";
constexpr const char* server_side = "SRVCRED";

// AAuthType of OMA DM StdObj: HMAC is in the standard though not in Windows' DDF.
const char* type_text(session::Auth auth) {
    switch (auth) {
        case session::Auth::basic:
            return "BASIC";
        case session::Auth::md5:
            return "DIGEST";
        case session::Auth::mac:
            return "HMAC";
        case session::Auth::none:
            return "";
    }
    return "";
}

session::Auth auth_of_type(std::string_view text) {
    for (const auto auth : {session::Auth::basic, session::Auth::md5, session::Auth::mac}) {
        if (same_ignoring_case(text, type_text(auth))) return auth;
    }
    return session::Auth::none;
}

std::string with_topic(std::string url, const std::string& topic) {
    constexpr std::string_view place = "{topic}";
    if (topic.empty()) return {};
    for (auto at = url.find(place); at != std::string::npos; at = url.find(place, at + topic.size())) {
        url.replace(at, place.size(), topic);
    }
    return url;
}

}  // namespace

std::string Push::listen_at() const {
    return with_topic(subscribe_url, topic);
}

std::string Push::post_to() const {
    return with_topic(publish_url, topic);
}

std::string Accounts::node_of(const std::string& id) {
    return std::string(root) + "/" + to_hex(sha256(id));
}

std::string Accounts::provider_node(const std::string& id) {
    return "./Device/Vendor/MSFT/DMClient/Provider/" + tree::encode_segment(id);
}

std::string Accounts::text(const std::string& node, const std::string& path) const {
    const auto* rows = policies_.at(node + "/" + path);
    return rows == nullptr ? std::string() : rows->front().data;
}

std::int64_t Accounts::number(const std::string& node, const std::string& path, std::int64_t otherwise) const {
    return to_integer(text(node, path)).value_or(otherwise);
}

void Accounts::read_schedule(const std::string& node, Account& account) const {
    using std::chrono::milliseconds;
    const std::string provider = provider_node(account.id);
    auto& stages = account.poll.stages;
    const std::pair<const char*, const char*> names[] = {
        {"Poll/IntervalForFirstSetOfRetries", "Poll/NumberOfFirstRetries"},
        {"Poll/IntervalForSecondSetOfRetries", "Poll/NumberOfSecondRetries"},
        {"Poll/IntervalForRemainingScheduledRetries", "Poll/NumberOfRemainingScheduledRetries"}};
    for (std::size_t i = 0; i < stages.size(); ++i) {
        stages[i].minutes = number(provider, names[i].first, stages[i].minutes);
        stages[i].count = number(provider, names[i].second, stages[i].count);
    }
    account.poll.on_login = text(provider, "Poll/PollOnLogin") == "true";
    account.poll.on_first_login = text(provider, "Poll/AllUsersPollOnFirstLogin") == "true";
    std::int64_t since = 0;
    if (const auto* made = policies_.at(node + "/ServerID")) since = made->front().time;
    policies_.below(provider + "/Poll", [&](const std::string&, const store::Rows& rows) {
        for (const auto& row : rows) since = std::max(since, row.time);
        return true;
    });
    account.poll_since = Instant(std::chrono::seconds(since));
    account.retry.attempts = number(node, "Ext/Microsoft/ConnRetryFreq", account.retry.attempts);
    account.retry.initial =
        milliseconds(number(node, "Ext/Microsoft/InitialBackOffTime", account.retry.initial.count()));
    account.retry.longest = milliseconds(number(node, "Ext/Microsoft/MaxBackOffTime", account.retry.longest.count()));
    account.lost_contact_days = number(provider, "NumberOfDaysAfterLostContactToUnenroll", 0);
    account.push = {text(provider, "Push/Steward/SubscribeURL"),
                    text(provider, "Push/Steward/PublishURL"),
                    text(provider, "Push/Steward/Authorization"),
                    text(provider, "Push/Steward/Topic"),
                    text(provider, "Push/ChannelURI"),
                    text(provider, "Push/Status")};
    account.nonce_resync = text(node, "Ext/Microsoft/UseNonceResync") == "true";
}

Account Accounts::read(const std::string& node) const {
    Account account;
    account.id = text(node, "ServerID");
    account.name = text(node, "Name");
    account.url = text(node, "AppAddr/1/Addr");
    const auto credentials = [&](const char* side) {
        const std::string at = std::string("AppAuth/") + side;
        session::Credentials found;
        found.kind = auth_of_type(text(node, at + "/AAuthType"));
        found.name = text(node, at + "/AAuthName");
        found.secret = text(node, at + "/AAuthSecret");
        // S20: a nonce that was agreed lets us prove ourselves in the first message already.
        if (const auto* data = policies_.at(node + "/" + at + "/AAuthData")) {
            const auto raw = from_base64(data->front().data);
            found.nonce_known = raw.has_value();
            found.nonce = raw.value_or(std::string());
        }
        return found;
    };
    account.client = credentials(client_side);
    account.server = credentials(server_side);
    account.encoding =
        syncml::encoding_of(text(node, "Ext/Microsoft/DefaultEncoding")).value_or(session::Encoding::xml);
    account.allow_digest_without_tls = text(node, "Ext/Steward/AllowDigestWithoutTls") == "true";
    account.trust = {text(node, "Ext/Steward/CAFile"),    text(node, "Ext/Steward/CertificateFile"),
                     text(node, "Ext/Steward/KeyFile"),   text(node, "Ext/Steward/Proxy"),
                     text(node, "Ext/Steward/RootsFile"), text(node, "Ext/Steward/KeyPin")};
    const std::string version = text(provider_node(account.id), "SyncApplicationVersion");
    account.original_errors = !version.empty() && version.front() >= '3' && version.front() <= '9';
    account.request_id = text(provider_node(account.id), "EntDMID");
    account.keep_alive = text(provider_node(account.id), "EnableOmaDmKeepAliveMessage") == "true";
    read_schedule(node, account);
    return account;
}

std::vector<Account> Accounts::all() const {
    std::vector<Account> accounts;
    std::string last;
    policies_.below(root, [&](const std::string& uri, const store::Rows&) {
        const auto end = uri.find('/', root.size() + 1);
        const std::string node = uri.substr(0, end);
        if (node != last && policies_.at(node + "/ServerID") != nullptr) accounts.push_back(read(node));
        last = node;
        return true;
    });
    return accounts;
}

Result<Account> Accounts::find(const std::string& id) const {
    auto accounts = all();
    if (id.empty()) {
        if (accounts.size() == 1) return accounts.front();
        if (accounts.empty()) {
            return Error{Fault::not_found, "There is no account yet: make one with \"steward account add\".", {}};
        }
        return Error{Fault::invalid, "There are several accounts: name one with --account.", {}};
    }
    const auto found = std::find_if(accounts.begin(), accounts.end(), [&](const auto& each) { return each.id == id; });
    if (found != accounts.end()) return *found;
    return Error{Fault::not_found, "There is no account \"" + id + "\": see \"steward account list\".", {}};
}

void Accounts::put(const std::string& authority, const std::string& uri, std::string data, csp::Format format,
                   bool secret) {
    store::Row row;
    row.authority = authority;
    row.session = "account";
    row.format = format;
    row.data = std::move(data);
    row.secret = secret;
    policies_.put(uri, std::move(row));
}

Outcome Accounts::add(const Account& account, const std::vector<AccountRow>& more) {
    if (auto taken = find(account.id); !account.id.empty() && taken) {
        return Error{Fault::exists, "There is an account \"" + account.id + "\" already.", {}};
    }
    const std::string node = node_of(account.id);
    const auto set = [&](const std::string& path, const std::string& data, bool secret = false,
                         csp::Format format = csp::Format::chr) {
        if (!data.empty()) put(account.id, node + "/" + path, data, format, secret);
    };
    put(account.id, node, {}, csp::Format::node, false);
    set("AppID", "w7");
    set("ServerID", account.id);
    set("Name", account.name.empty() ? account.id : account.name);
    set("AppAddr/1/Addr", account.url);
    set("AppAddr/1/AddrType", "URI");
    const auto credentials = [&](const char* side, const session::Credentials& given) {
        if (given.kind == session::Auth::none) return;
        const std::string at = std::string("AppAuth/") + side + "/";
        set(at + "AAuthLevel", side);
        set(at + "AAuthType", type_text(given.kind));
        set(at + "AAuthName", given.name);
        set(at + "AAuthSecret", given.secret, true);
        if (given.nonce_known)
            put(account.id, node + "/" + at + "AAuthData", to_base64(given.nonce), csp::Format::bin, true);
    };
    credentials(client_side, account.client);
    credentials(server_side, account.server);
    if (account.encoding != session::Encoding::xml) {
        set("Ext/Microsoft/DefaultEncoding", std::string(syncml::content_type(account.encoding)));
    }
    set("Ext/Steward/CAFile", account.trust.ca_file);
    set("Ext/Steward/CertificateFile", account.trust.certificate_file);
    set("Ext/Steward/KeyFile", account.trust.key_file);
    set("Ext/Steward/Proxy", account.trust.proxy, account.trust.proxy.find('@') != std::string::npos);
    set("Ext/Steward/RootsFile", account.trust.roots_file);
    set("Ext/Steward/KeyPin", account.trust.key_pin);
    if (account.allow_digest_without_tls) {
        set("Ext/Steward/AllowDigestWithoutTls", "true", false, csp::Format::boolean);
    }
    put(account.id, provider_node(account.id), {}, csp::Format::node, false);
    for (const auto& row : more) put(account.id, row.uri, row.data, row.format, false);
    return policies_.commit();
}

Outcome Accounts::replace_identity(const std::string& id, const std::string& certificate_file,
                                   const std::string& key_file, const std::vector<AccountRow>& more) {
    if (auto known = find(id); !known) return known.error();
    const std::string node = node_of(id);
    put(id, node + "/Ext/Steward/CertificateFile", certificate_file, csp::Format::chr, false);
    put(id, node + "/Ext/Steward/KeyFile", key_file, csp::Format::chr, false);
    for (const auto& row : more) put(id, row.uri, row.data, row.format, false);
    return policies_.commit();
}

Outcome Accounts::keep_nonce(const std::string& id, const char* side, const std::string& raw) {
    put(id, node_of(id) + "/AppAuth/" + side + "/AAuthData", to_base64(raw), csp::Format::bin, true);
    return policies_.commit();
}

Outcome Accounts::keep_push(const std::string& id, const Push& push) {
    const std::string node = provider_node(id) + "/Push/";
    const auto keep = [&](const std::string& path, const std::string& data, csp::Format format) {
        if (!data.empty()) return put(id, node + path, data, format, false);
        policies_.remove(node + path, id);
    };
    keep("Steward/Topic", push.topic, csp::Format::chr);
    keep("ChannelURI", push.channel_uri, csp::Format::chr);
    keep("Status", push.status, csp::Format::integer);
    return policies_.commit();
}

Outcome Accounts::give_topic(const std::string& id) {
    const auto account = find(id);
    if (!account || account->push.subscribe_url.empty() || !account->push.topic.empty()) return {};
    Push push = account->push;
    push.topic = to_hex(random_bytes(16));
    push.status = "4";  // no channel yet
    return keep_push(id, push);
}

Outcome Accounts::keep_client_nonce(const std::string& id, const std::string& raw) {
    return keep_nonce(id, client_side, raw);
}

Outcome Accounts::keep_server_nonce(const std::string& id, const std::string& raw) {
    return keep_nonce(id, server_side, raw);
}

}  // namespace steward::app
