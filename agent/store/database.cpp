#include "agent/store/database.h"

#include <sqlite3.h>

#include <filesystem>
#include <map>
#include <thread>

#include "platform/base/path.h"
#include "platform/private_file.h"

namespace steward::store {
namespace {

struct CloseStatement {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, CloseStatement>;

bool corrupt(int code) {
    return (code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB;
}

// SQLite keeps its sidecar files next to the database: all move together.
std::string move_aside(const std::string& file) {
    namespace fs = std::filesystem;
    std::string target;
    for (int n = 1;; ++n) {
        target = file + ".corrupt-" + std::to_string(n);
        if (!fs::exists(path_of(target))) break;
    }
    std::error_code ignored;
    fs::rename(path_of(file), path_of(target), ignored);
    for (const char* sidecar : {"-wal", "-shm"})
        fs::rename(path_of(file + sidecar), path_of(target + sidecar), ignored);
    return target;
}

}  // namespace

struct Database::Impl {
    sqlite3* handle = nullptr;
    std::string file;
    std::map<std::string, Statement, std::less<>> prepared;
    std::size_t commits = 0;
    bool in_transaction = false;
    std::optional<std::string> set_aside;
    int last_code = SQLITE_OK;

    Impl() = default;
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;
    ~Impl() {
        prepared.clear();
        sqlite3_close(handle);
    }

    Error failed(std::string_view doing) {
        last_code = handle != nullptr ? sqlite3_errcode(handle) : SQLITE_CANTOPEN;
        const Fault fault = (last_code & 0xff) == SQLITE_FULL ? Fault::full : Fault::store;
        return {fault,
                "The state database failed while " + std::string(doing) + ": " +
                    (handle != nullptr ? sqlite3_errmsg(handle) : "no memory") + ".",
                file};
    }

    Result<sqlite3_stmt*> prepare(std::string_view sql, std::initializer_list<Cell> values) {
        auto found = prepared.find(sql);
        if (found == prepared.end()) {
            sqlite3_stmt* made = nullptr;
            if (sqlite3_prepare_v3(handle, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &made,
                                   nullptr) != SQLITE_OK) {
                return failed("preparing \"" + std::string(sql.substr(0, 60)) + "\"");
            }
            found = prepared.emplace(std::string(sql), Statement(made)).first;
        }
        sqlite3_stmt* statement = found->second.get();
        sqlite3_reset(statement);
        int index = 0;
        for (const auto& value : values) {
            ++index;
            if (const auto* number = std::get_if<std::int64_t>(&value)) {
                sqlite3_bind_int64(statement, index, *number);
            } else if (const auto* text = std::get_if<std::string>(&value)) {
                sqlite3_bind_text(statement, index, text->data(), static_cast<int>(text->size()), SQLITE_TRANSIENT);
            } else {
                sqlite3_bind_null(statement, index);
            }
        }
        return statement;
    }

    Outcome script(std::string_view sql) {
        if (sqlite3_exec(handle, std::string(sql).c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
            return failed("running \"" + std::string(sql.substr(0, 60)) + "\"");
        }
        return {};
    }
};

Database::Database(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Database::~Database() = default;

Outcome Database::run(std::string_view sql, std::initializer_list<Cell> values) {
    auto statement = impl_->prepare(sql, values);
    if (!statement) return statement.error();
    int code = SQLITE_ROW;
    while (code == SQLITE_ROW) code = sqlite3_step(*statement);
    if (code != SQLITE_DONE) {
        auto error = impl_->failed("writing");
        sqlite3_reset(*statement);
        return error;
    }
    sqlite3_reset(*statement);
    return {};
}

Result<std::vector<Cells>> Database::query(std::string_view sql, std::initializer_list<Cell> values) {
    auto statement = impl_->prepare(sql, values);
    if (!statement) return statement.error();
    std::vector<Cells> rows;
    int code = SQLITE_DONE;
    while ((code = sqlite3_step(*statement)) == SQLITE_ROW) {
        Cells& row = rows.emplace_back();
        for (int i = 0; i < sqlite3_column_count(*statement); ++i) {
            switch (sqlite3_column_type(*statement, i)) {
                case SQLITE_INTEGER:
                    row.emplace_back(std::int64_t{sqlite3_column_int64(*statement, i)});
                    break;
                case SQLITE_NULL:
                    row.emplace_back(nullptr);
                    break;
                default: {
                    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(*statement, i));
                    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(*statement, i));
                    row.emplace_back(bytes != nullptr ? std::string(bytes, size) : std::string());
                }
            }
        }
    }
    if (code != SQLITE_DONE) {
        auto error = impl_->failed("reading");
        sqlite3_reset(*statement);
        return error;
    }
    sqlite3_reset(*statement);
    return rows;
}

Outcome Database::transaction(const std::function<Outcome()>& work) {
    if (auto begun = run("BEGIN IMMEDIATE"); !begun) return begun;
    if (auto done = work(); !done) {
        (void)run("ROLLBACK");
        return done;
    }
    if (auto committed = run("COMMIT"); !committed) {
        (void)run("ROLLBACK");
        return committed;
    }
    ++impl_->commits;
    return {};
}

std::size_t Database::durable_commits() const {
    return impl_->commits;
}

const std::optional<std::string>& Database::set_aside() const {
    return impl_->set_aside;
}

Result<std::string> Database::schema() {
    auto rows = query("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name");
    if (!rows) return rows.error();
    std::string text;
    for (const auto& row : *rows) text += std::get<std::string>(row[0]) + ";\n";
    return text;
}

Result<std::unique_ptr<Database>> Database::in_memory() {
    return open(":memory:");
}

Result<std::unique_ptr<Database>> Database::open(const std::string& file, Care care) {
    std::optional<std::string> aside;
    for (int attempt = 0; attempt < 2; ++attempt) {
        if (file != ":memory:") {
            // SQLite would create the file with the umask's mode; secrets stand in it.
            if (auto made = platform::make_private_file(file); !made) {
                return Error{made.error().fault == Fault::full ? Fault::full : Fault::store,
                             "The state database cannot be opened: " + made.error().evidence + ".", file};
            }
        }
        std::unique_ptr<Database> database(new Database(std::make_unique<Impl>()));
        Impl& impl = *database->impl_;
        impl.file = file;
        impl.set_aside = aside;
        const auto ready = [&]() -> Outcome {
            if (sqlite3_open_v2(file.c_str(), &impl.handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr) !=
                SQLITE_OK) {
                return impl.failed("opening it");
            }
            sqlite3_extended_result_codes(impl.handle, 1);
            sqlite3_busy_timeout(impl.handle, 5000);
            // Whoever turns a new file to WAL keeps others out, and not every system makes SQLite wait for that.
            const auto settled = [&] {
                constexpr int tries = 500;
                auto turned = impl.script("PRAGMA journal_mode=WAL");
                for (int i = 1; i < tries && !turned && (impl.last_code & 0xff) == SQLITE_BUSY; ++i) {
                    std::this_thread::sleep_for(std::chrono::milliseconds(10));
                    turned = impl.script("PRAGMA journal_mode=WAL");
                }
                return turned;
            }();
            if (!settled) return settled.error();
            // WAL + FULL: a commit that returned survives a power cut.
            if (auto set = impl.script("PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                                       "PRAGMA trusted_schema=OFF; PRAGMA secure_delete=ON;");
                !set) {
                return set;
            }
            if (care == Care::full) {
                auto check = database->query("PRAGMA quick_check(1)");
                if (!check) return check.error();
                if (check->empty() || std::get<std::string>(check->front()[0]) != "ok") {
                    impl.last_code = SQLITE_CORRUPT;
                    return Error{Fault::store, "The state database is damaged.", file};
                }
            }
            const auto& steps = migrations();
            const auto version = [&]() -> Result<std::size_t> {
                auto row = database->query("PRAGMA user_version");
                if (!row) return row.error();
                return static_cast<std::size_t>(std::get<std::int64_t>(row->front()[0]));
            };
            const auto found = version();
            if (!found) return found.error();
            const auto at = *found;
            if (at > steps.size()) {
                return Error{Fault::store,
                             "The state database was written by a newer Steward (schema " + std::to_string(at) +
                                 ", this one knows " + std::to_string(steps.size()) + "): install that version again.",
                             file};
            }
            if (at == steps.size()) return {};
            return database->transaction([&]() -> Outcome {
                // Somebody else may have brought it up to date before this transaction began.
                const auto now = version();
                if (!now) return now.error();
                for (std::size_t step = *now; step < steps.size(); ++step) {
                    if (auto done = impl.script(steps[step]); !done) return done;
                }
                return impl.script("PRAGMA user_version=" + std::to_string(steps.size()));
            });
        }();
        if (ready) {
            impl.commits = 0;
            return database;
        }
        if (!corrupt(impl.last_code) || attempt > 0 || file == ":memory:") return ready.error();
        database.reset();
        aside = move_aside(file);
    }
    return Error{Fault::bug, "The state database could not be opened.", file};
}

}  // namespace steward::store
