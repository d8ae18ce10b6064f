// The schema twice: as it grew, and as it stands. tests/store proves both equal.
#include "agent/store/database.h"

namespace steward::store {
namespace {

constexpr std::string_view desired_state = R"sql(
CREATE TABLE policies(uri TEXT NOT NULL, authority TEXT NOT NULL, format TEXT NOT NULL, type TEXT NOT NULL, data TEXT NOT NULL, secret INTEGER NOT NULL, time INTEGER NOT NULL, session TEXT NOT NULL, stamp INTEGER NOT NULL, version INTEGER NOT NULL, PRIMARY KEY(uri, authority)) WITHOUT ROWID;
CREATE TABLE originals(uri TEXT NOT NULL PRIMARY KEY, data TEXT, time INTEGER NOT NULL) WITHOUT ROWID;
)sql";

constexpr std::string_view history_and_actions = R"sql(
CREATE TABLE history(id INTEGER PRIMARY KEY, uri TEXT NOT NULL, authority TEXT NOT NULL, time INTEGER NOT NULL, session TEXT NOT NULL, before TEXT, after TEXT);
CREATE INDEX history_uri ON history(uri, id);
CREATE TABLE actions(id INTEGER PRIMARY KEY, uri TEXT NOT NULL, authority TEXT NOT NULL, argument TEXT NOT NULL, session TEXT NOT NULL, intended INTEGER NOT NULL, outcome TEXT, sentence TEXT, finished INTEGER);
)sql";

constexpr std::string_view fresh = R"sql(
CREATE TABLE policies(uri TEXT NOT NULL, authority TEXT NOT NULL, format TEXT NOT NULL, type TEXT NOT NULL, data TEXT NOT NULL, secret INTEGER NOT NULL, time INTEGER NOT NULL, session TEXT NOT NULL, stamp INTEGER NOT NULL, version INTEGER NOT NULL, PRIMARY KEY(uri, authority)) WITHOUT ROWID;
CREATE TABLE originals(uri TEXT NOT NULL PRIMARY KEY, data TEXT, time INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE history(id INTEGER PRIMARY KEY, uri TEXT NOT NULL, authority TEXT NOT NULL, time INTEGER NOT NULL, session TEXT NOT NULL, before TEXT, after TEXT);
CREATE INDEX history_uri ON history(uri, id);
CREATE TABLE actions(id INTEGER PRIMARY KEY, uri TEXT NOT NULL, authority TEXT NOT NULL, argument TEXT NOT NULL, session TEXT NOT NULL, intended INTEGER NOT NULL, outcome TEXT, sentence TEXT, finished INTEGER);
CREATE TABLE sessions(id INTEGER PRIMARY KEY, account TEXT NOT NULL, session TEXT NOT NULL, begun INTEGER NOT NULL, ended INTEGER NOT NULL, outcome TEXT NOT NULL, sentence TEXT NOT NULL, messages INTEGER NOT NULL, commands INTEGER NOT NULL, failed INTEGER NOT NULL);
CREATE TABLE outbox(id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, code INTEGER NOT NULL, type TEXT NOT NULL, format TEXT NOT NULL, mark TEXT NOT NULL, source TEXT NOT NULL, correlator TEXT NOT NULL, data TEXT NOT NULL, created INTEGER NOT NULL, refusals INTEGER NOT NULL);
CREATE TABLE agenda(account TEXT NOT NULL PRIMARY KEY, at INTEGER NOT NULL, why TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE logins(user TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE audit(number INTEGER PRIMARY KEY, time INTEGER NOT NULL, kind TEXT NOT NULL, authority TEXT NOT NULL, session TEXT NOT NULL, subject TEXT NOT NULL, outcome TEXT NOT NULL, hash TEXT NOT NULL);
CREATE TRIGGER audit_keeps BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TABLE enrolments(id TEXT NOT NULL, fact TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY(id, fact)) WITHOUT ROWID;
CREATE TABLE repairs(uri TEXT NOT NULL, time INTEGER NOT NULL);
)sql";

constexpr std::string_view sessions = R"sql(
CREATE TABLE sessions(id INTEGER PRIMARY KEY, account TEXT NOT NULL, session TEXT NOT NULL, begun INTEGER NOT NULL, ended INTEGER NOT NULL, outcome TEXT NOT NULL, sentence TEXT NOT NULL, messages INTEGER NOT NULL, commands INTEGER NOT NULL, failed INTEGER NOT NULL);
)sql";

constexpr std::string_view service = R"sql(
CREATE TABLE outbox(id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, code INTEGER NOT NULL, type TEXT NOT NULL, format TEXT NOT NULL, mark TEXT NOT NULL, source TEXT NOT NULL, correlator TEXT NOT NULL, data TEXT NOT NULL, created INTEGER NOT NULL, refusals INTEGER NOT NULL);
CREATE TABLE agenda(account TEXT NOT NULL PRIMARY KEY, at INTEGER NOT NULL, why TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE logins(user TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE audit(number INTEGER PRIMARY KEY, time INTEGER NOT NULL, kind TEXT NOT NULL, authority TEXT NOT NULL, session TEXT NOT NULL, subject TEXT NOT NULL, outcome TEXT NOT NULL, hash TEXT NOT NULL);
CREATE TRIGGER audit_keeps BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
)sql";

constexpr std::string_view enrolments = R"sql(
CREATE TABLE enrolments(id TEXT NOT NULL, fact TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY(id, fact)) WITHOUT ROWID;
)sql";

constexpr std::string_view repairs = R"sql(
CREATE TABLE repairs(uri TEXT NOT NULL, time INTEGER NOT NULL);
)sql";

}  // namespace

const std::vector<std::string_view>& Database::migrations() {
    static const std::vector<std::string_view> steps = {desired_state, history_and_actions, sessions,
                                                        service,       enrolments,          repairs};
    return steps;
}

std::string_view Database::fresh_schema() {
    return fresh;
}

}  // namespace steward::store
