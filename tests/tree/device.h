// A small device for tests of the tree: a record whose writes are counted and can be told to fail, a table, kept
// nodes, actions.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "agent/store/actions.h"
#include "agent/store/policies.h"
#include "agent/tree/tree.h"
#include "csp/csp.h"

namespace steward::tree {

struct Lock {
    std::optional<int> length, history;
    std::optional<bool> simple;
    std::optional<std::string> banner;
};

struct Profile {
    std::optional<std::string> text;
};

// Vendor values shine through wherever nothing is managed.
struct LockRecord final : platform::Record<Lock> {
    Lock vendor{8, 0, true, std::nullopt};
    Lock managed;
    int writes = 0;
    std::function<Outcome(const Lock&)> refuse;  // an Error keeps the write from happening
    bool lies = false;                           // says success and does nothing

    Result<Lock> read() override {
        Lock now = vendor;
        if (managed.length) now.length = managed.length;
        if (managed.history) now.history = managed.history;
        if (managed.simple) now.simple = managed.simple;
        if (managed.banner) now.banner = managed.banner;
        return now;
    }
    Outcome write(const Lock& wanted) override {
        ++writes;
        if (refuse) {
            if (auto fine = refuse(wanted); !fine) return fine;
        }
        if (!lies) managed = wanted;
        return {};
    }
};

struct ProfileTable final : platform::Table<Profile> {
    std::map<std::string, Profile, std::less<>> rows;
    Result<std::vector<std::string>> names() override {
        std::vector<std::string> all;
        for (const auto& [name, row] : rows) all.push_back(name);
        return all;
    }
    Result<Profile> read(std::string_view key) override {
        const auto at = rows.find(key);
        if (at == rows.end()) return Error{Fault::not_found, "no such profile", {}};
        return at->second;
    }
    Outcome write(std::string_view key, const Profile& wanted) override {
        rows[std::string(key)] = wanted;
        return {};
    }
    Outcome erase(std::string_view key) override {
        rows.erase(std::string(key));
        return {};
    }
};

inline std::vector<csp::Csp> test_csps(LockRecord& lock, ProfileTable& profiles, ProfileTable& approved) {
    using csp::Format;
    using csp::Merge;
    std::vector<csp::Csp> csps;
    csps.push_back(
        csp::policy_area("Lock", "How people unlock this device.")
            .record(
                lock,
                {csp::field("Length", &Lock::length, "Fewest characters.")
                     .between(4, 16)
                     .otherwise(4)
                     .most_secure(Merge::highest),
                 csp::field("History", &Lock::history, "Passwords kept.").between(0, 24).most_secure(Merge::highest),
                 csp::field("Simple", &Lock::simple, "Trivial passwords.")
                     .spelled("1", "0")
                     .one_of({{"0", "no"}, {"1", "yes"}})
                     .most_secure(Merge::lowest),
                 csp::field("Banner", &Lock::banner, "Text before login.")}));
    csps.push_back(csp::Csp("./Device/Vendor/MSFT/Profiles", "Profiles.")
                       .table(profiles, "{Name}", {csp::field("Text", &Profile::text, "Its text.")}));
    csps.push_back(
        csp::Csp("./Vendor2", "Kept things.")
            .nodes(
                {csp::kept("Title", Format::chr, "A title."),
                 csp::kept("Fixed", Format::integer, "Always there.")
                     .access(csp::can_get | csp::can_replace)
                     .otherwise(5),
                 csp::kept("Strict", Format::chr, "Replace needs it to be there.").strict(),
                 csp::kept("Secret", Format::chr, "Unreadable.").access(csp::can_add | csp::can_replace).secret(),
                 csp::kept("Blob", Format::bin, "Octets."), csp::kept("Account/{Id}/Name", Format::chr, "Its name."),
                 csp::kept("Account/{Id}/Port", Format::integer, "Its port.").between(1, 65535),
                 csp::value("Now", Format::chr, "Live.",
                            [](const csp::Keys&) -> Result<std::string> { return std::string("now"); }),
                 csp::value("Gone", Format::chr, "Live, but not here.",
                            [](const csp::Keys&) -> Result<std::string> {
                                return Error{Fault::not_found, "not here", {}};
                            }),
                 csp::action("Ring", "Rings.",
                             [](const csp::Keys&, std::string_view) -> Result<csp::Done> { return csp::Done::now; }),
                 csp::action("Scan", "Scans for long.",
                             [](const csp::Keys&, std::string_view) -> Result<csp::Done> { return csp::Done::later; }),
                 csp::action("Break", "Always fails.",
                             [](const csp::Keys&, std::string_view argument) -> Result<csp::Done> {
                                 return Error{Fault::io, "it broke", std::string(argument)};
                             })})
            .own("Account/{Id}")
            .presence<Profile>(approved, "Approved/{Name}", "What may be done.",
                               {csp::field("Text", &Profile::text, "What the device says of it.")}));
    return csps;
}

inline const std::string lock_uri = "./Device/Vendor/MSFT/Policy/Config/Lock/";
inline const std::string lock_result = "./Device/Vendor/MSFT/Policy/Result/Lock/";

struct Device {
    FixedClock clock;
    LockRecord lock;
    ProfileTable profiles, approved;
    std::unique_ptr<store::Policies> policies;
    std::unique_ptr<store::Actions> actions;
    std::unique_ptr<Tree> tree;

    explicit Device(store::Database* database = nullptr) { restart(database); }
    // As after the process died: the device stays, everything else is read back.
    void restart(store::Database* database = nullptr, const Owners& owners = {}) {
        tree.reset();
        policies = std::make_unique<store::Policies>(clock, database);
        (void)policies->load();
        actions = std::make_unique<store::Actions>(clock, database);
        tree = std::make_unique<Tree>(test_csps(lock, profiles, approved), *policies, *actions, owners);
    }

    std::vector<Answer> run(const std::vector<Operation>& operations, const std::string& authority = "corp") {
        return tree->run({authority, "1"}, operations);
    }
    std::vector<Answer> atomic(const std::vector<Operation>& operations) {
        return tree->run_atomic({"corp", "1"}, operations);
    }
    Answer one(Operation operation, const std::string& authority = "corp") {
        return run({std::move(operation)}, authority).front();
    }
    Answer get(const std::string& uri, const std::string& authority = "corp") {
        return one({Verb::get, uri, {}, {}, {}, {}}, authority);
    }
    std::string data(const std::string& uri, const std::string& authority = "corp") {
        const auto answer = get(uri, authority);
        return answer.state == Answer::State::done
                   ? answer.found.front().data.value_or("(none)")
                   : "(fault " + std::to_string(static_cast<int>(answer.error.fault)) + ")";
    }
};

inline Operation add(std::string uri, std::string data, std::string format = {}) {
    return {Verb::add, std::move(uri), {}, std::move(format), {}, std::move(data)};
}
inline Operation replace(std::string uri, std::string data, std::string format = {}) {
    return {Verb::replace, std::move(uri), {}, std::move(format), {}, std::move(data)};
}
inline Operation erase(std::string uri) {
    return {Verb::erase, std::move(uri), {}, {}, {}, {}};
}
inline Operation exec(std::string uri) {
    return {Verb::exec, std::move(uri), {}, {}, {}, {}};
}

}  // namespace steward::tree
