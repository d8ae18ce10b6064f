// Makes the device match desired state: the one operation from which apply, undo, un-enrolment and drift repair fall
// out. Idempotent, and cheap when nothing changed.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "agent/store/policies.h"
#include "agent/tree/mount.h"
#include "platform/base/result.h"

namespace steward::tree {

// One record, or one row of a table.
struct Unit {
    const Managed* managed = nullptr;
    std::string key;  // of the table row; empty for a record
    bool operator==(const Unit&) const = default;
};

// Units in the order in which they were first named, each once.
class Units {
  public:
    void add(Unit unit) {
        if (!list_.empty() && list_.back() == unit) return;  // commands for one record mostly come in a row
        if (seen_.emplace(unit.managed, unit.key).second) list_.push_back(std::move(unit));
    }
    const std::vector<Unit>& list() const { return list_; }
    bool empty() const { return list_.empty(); }
    void clear() {
        list_.clear();
        seen_.clear();
    }

  private:
    std::vector<Unit> list_;
    std::set<std::pair<const Managed*, std::string>> seen_;
};

struct Difference {
    std::string uri;
    std::optional<std::string> device;   // what is; nullopt: unmanaged or unknown
    std::optional<std::string> desired;  // what should be; nullopt: given back to the operating system
};

// What others than our authorities have set on the device, by canonical URI, and the name of who it was.
using Owners = std::map<std::string, std::string, std::less<>>;

class Converge {
  public:
    Converge(const Mount& mount, store::Policies& policies, Owners owners = {})
        : mount_(mount), policies_(policies), owners_(std::move(owners)) {}

    // Makes these units match. Values from before us are durable before the first write. Each unit is written once,
    // and when all are written they are read back: what takes effect for many together does so once. Success means that
    // the device was seen to say what was wanted.
    Outcome apply(const std::vector<Unit>& units);

    const Owners& owners() const { return owners_; }
    // Fault denied: somebody else has set what is wanted here too. Such a unit is never written.
    Outcome permitted(const Unit& unit) const;

    // What apply() would change.
    Result<std::vector<Difference>> difference(const Unit& unit);

    // Every unit that desired state or the memory of originals knows of.
    Units known_units() const;

    // The device's values of a state, read once until the next write or invalidate().
    const Result<csp::Values>& device(csp::State& state, const std::string& key);
    // The rows that it has there, likewise.
    const Result<std::vector<std::string>>& names(csp::State& state);
    void invalidate() {
        read_.clear();
        names_.clear();
    }

    // URIs whose original did not come back although we gave the setting back, since construction.
    const std::vector<Difference>& leftovers() const { return leftovers_; }

    static std::string uri_of(const Entry& field, const std::string& key);

  private:
    struct Prepared {
        const Unit* unit;
        csp::Values desired;
    };
    bool read_all(csp::State& state);  // false: its rows are read one by one, or are there already
    csp::Values desired(const Unit& unit) const;
    Outcome permitted(const Unit& unit, const csp::Values& desired) const;
    Outcome prepare(Prepared& prepared);
    Outcome write(const Prepared& prepared);
    Outcome confirm(const Prepared& prepared);

    const Mount& mount_;
    store::Policies& policies_;
    Owners owners_;
    std::map<std::pair<csp::State*, std::string>, Result<csp::Values>> read_;
    std::map<csp::State*, Result<std::vector<std::string>>> names_;
    std::vector<Difference> leftovers_;
};

}  // namespace steward::tree
