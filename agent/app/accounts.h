// The accounts as an administrator sees them: a view of the DMAcc and DMClient rows of desired state, which are the
// account. Source: DMAcc of OMA DM StdObj 1.2, w7 mapping of MS-MDM; protocol sheet 4.7 and D.2.
#pragma once

#include <string>
#include <vector>

#include "agent/schedule/plan.h"
#include "agent/session/session.h"
#include "agent/store/policies.h"
#include "agent/transport/exchange.h"
#include "agent/transport/retry.h"
#include "platform/base/result.h"

namespace steward::app {

// The push channel of one account. Source: DMClient/Provider/{id}/Push of the DDF, docs/decisions/007.
struct Push {
    std::string subscribe_url, publish_url;  // {topic} in them stands for the device's own name
    std::string authorization;
    std::string topic;        // made by the device; empty: not yet
    std::string channel_uri;  // where the server is told to post; empty: there is no channel
    std::string status;       // as the node says it

    // With the topic in its place; empty where there is no address or no topic.
    std::string listen_at() const;
    std::string post_to() const;
};

struct Account {
    std::string id;    // provider id, ServerID: the authority of everything that its server sets
    std::string name;  // for people
    std::string url;
    session::Credentials client, server;
    session::Encoding encoding = session::Encoding::xml;
    bool original_errors = false;  // SyncApplicationVersion >= 3.0
    bool allow_digest_without_tls = false;
    transport::Trust trust;
    std::string request_id;  // EntDMID
    schedule::Poll poll;
    Instant poll_since{};  // when the account was made or its schedule last changed
    transport::RetryPolicy retry;
    std::int64_t lost_contact_days = 0;  // after so many without contact the account leaves; 0: never
    bool keep_alive = false;             // the server wants to hear that its commands are still being executed
    bool nonce_resync = false;           // notifications made with the backup nonce count
    Push push;
};

// A further row of an account, with its whole URI: what a server delivers with it.
struct AccountRow {
    std::string uri;
    csp::Format format = csp::Format::chr;
    std::string data;
};

class Accounts {
  public:
    explicit Accounts(store::Policies& policies) : policies_(policies) {}

    std::vector<Account> all() const;
    Result<Account> find(const std::string& id) const;  // "" when there is exactly one

    // Rows of the account's own authority, so that they go when it goes; all of them or none. Fault exists when the id
    // is taken.
    Outcome add(const Account& account, const std::vector<AccountRow>& more = {});

    // Another client certificate, and rows that go with it; all or none.
    Outcome replace_identity(const std::string& id, const std::string& certificate_file, const std::string& key_file,
                             const std::vector<AccountRow>& more);

    // Nonces as the session learns them; durable when this returns.
    Outcome keep_client_nonce(const std::string& id, const std::string& raw);
    Outcome keep_server_nonce(const std::string& id, const std::string& raw);

    // What the device says of its channel; durable when this returns.
    Outcome keep_push(const std::string& id, const Push& push);

    // Where the server has named a push server, the device's own name there is made once; it cannot be guessed.
    Outcome give_topic(const std::string& id);

    static std::string node_of(const std::string& id);        // ./SyncML/DMAcc/{SHA-256 of the id}
    static std::string provider_node(const std::string& id);  // its DMClient node

  private:
    std::string text(const std::string& node, const std::string& path) const;
    void put(const std::string& authority, const std::string& uri, std::string data, csp::Format format, bool secret);
    Outcome keep_nonce(const std::string& id, const char* side, const std::string& raw);
    std::int64_t number(const std::string& node, const std::string& path, std::int64_t otherwise) const;
    void read_schedule(const std::string& node, Account& account) const;
    Account read(const std::string& node) const;

    store::Policies& policies_;
};

}  // namespace steward::app
