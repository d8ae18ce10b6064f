#include "agent/app/agent.h"

#include <filesystem>
#include <set>
#include <utility>

#include "agent/app/network_trial.h"
#include "csp/bridge.h"
#include "csp/contents.h"
#include "platform/base/bytes.h"
#include "platform/base/digest.h"
#include "platform/base/path.h"
#include "platform/base/text.h"
#include "platform/device.h"
#include "platform/places.h"
#include "platform/private_file.h"
#include "platform/state_files.h"

namespace steward::app {
namespace {

// 32 hexadecimal digits, made once: what servers know this device by. It outlives the database, whose transaction only
// keeps two processes on a new state from making one each.
Result<std::string> kept_device_id(platform::StateFiles& files, store::Database& database) {
    std::string id;
    const auto look = [&]() -> Outcome {
        auto kept = files.find("/device-id");
        if (!kept) return kept.error();
        if (*kept) id = trim(**kept);
        return {};
    };
    if (auto looked = look(); !looked) return std::move(looked).error();
    if (!id.empty()) return id;
    auto made = database.transaction([&]() -> Outcome {
        if (auto looked = look(); !looked || !id.empty()) return looked;
        id = upper(to_hex(random_bytes(16)));
        return files.apply({{"/device-id", id + "\n"}});
    });
    if (!made) return std::move(made).error();
    return id;
}

// Their policies are what they say they have set; where others have a node of ours in another way, nobody tells.
tree::Owners owners_of(const Result<platform::Neighbours>& neighbours) {
    tree::Owners owners;
    if (!neighbours) return owners;
    for (const auto& each : neighbours->all) {
        for (const auto& policy : each.policies)
            owners.emplace("./Device/Vendor/MSFT/Policy/Config/" + policy, each.name);
    }
    return owners;
}

constexpr std::string_view audit_head = "/audit-head";

}  // namespace

struct Agent::Parts {
    SystemClock clock;
    std::string state;
    std::string device_id;
    std::unique_ptr<platform::StateFiles> files;
    std::unique_ptr<platform::FileLock> lock;  // while this may change anything
    bool cut_short = false;                    // whoever had the lock before was killed
    std::unique_ptr<store::Database> database;
    std::unique_ptr<platform::Device> device;
    std::optional<store::Policies> policies;
    std::optional<store::Actions> actions;
    std::optional<store::Sessions> sessions;
    std::optional<store::Outbox> outbox;
    std::optional<store::Agenda> agenda;
    std::optional<audit::Log> audit;
    std::optional<store::Enrolments> enrolments;
    std::optional<store::Repairs> repairs;
    Result<platform::Neighbours> neighbours = platform::Neighbours{};
    std::optional<tree::Tree> tree;
    std::optional<Accounts> accounts;
    tree::Tree::Sweep recovered;

    Parts() = default;
    Parts(const Parts&) = delete;
    Parts& operator=(const Parts&) = delete;
    ~Parts() {
        if (!lock || !audit) return;
        // An end that is cut off the log later shows by this.
        const auto kept = files->find(audit_head);
        const auto head = audit->head();
        if (!head.empty() && !(kept && *kept && **kept == head)) (void)files->apply({{std::string(audit_head), head}});
    }

    Outcome take_lock() {
        auto taken = platform::lock_file(state + "/lock");
        if (taken) {
            lock = std::move(*taken);
            cut_short = lock->left_behind();
            return {};
        }
        auto error = std::move(taken).error();
        if (error.fault == Fault::busy)
            error.what = "Another Steward is working with this state; try again when it has finished.";
        return error;
    }

    // The device as the rows want it. What a crash of ours left half done is nobody's doing, and not counted.
    Outcome put_right() {
        std::set<std::string> contested;
        if (!cut_short) {
            auto found = repairs->contested();
            if (!found) return std::move(found).error();
            contested = std::move(*found);
        }
        recovered = tree->sweep(contested);
        if (recovered.repaired.empty()) return {};
        std::vector<std::string> uris;
        std::vector<audit::Entry> entries;
        for (const auto& each : recovered.repaired) uris.push_back(each.uri);
        if (!cut_short) {
            if (auto noted = repairs->note(uris); !noted) return noted;
        }
        auto now_contested = repairs->contested();
        if (!now_contested) return std::move(now_contested).error();
        for (const auto& uri : uris) {
            audit::Entry entry;
            entry.kind = "repair";
            entry.subject = uri;
            entry.outcome = "done";
            if (now_contested->contains(uri) && !contested.contains(uri)) {
                entry.outcome += ", for the last time within this hour: somebody keeps changing it back";
            }
            entries.push_back(std::move(entry));
        }
        return audit->append(std::move(entries));
    }
};

Agent::Agent(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Agent::~Agent() = default;

Result<std::unique_ptr<Agent>> Agent::open(const Places& places, Purpose purpose, store::Care care) {
    auto parts = std::make_unique<Parts>();
    parts->state = places.state.empty() ? platform::state_directory(places.root) : places.state;
    std::error_code error;
    if (!std::filesystem::is_directory(path_of(places.root), error)) {
        return Error{Fault::not_found, "The root \"" + places.root + "\" is no directory.", places.root};
    }
    if (auto made = platform::make_private_directory(parts->state); !made) {
        return Error{Fault::denied,
                     "The state directory " + parts->state +
                         " cannot be used: run steward as root, or choose another with --state.",
                     made.error().evidence};
    }
    parts->files = platform::state_files_in(parts->state);
    if (purpose == Purpose::change) {
        if (auto locked = parts->take_lock(); !locked) return locked.error();
    }
    auto database = store::Database::open(parts->state + "/steward.db", care);
    if (!database) return database.error();
    parts->database = std::move(*database);
    auto id = kept_device_id(*parts->files, *parts->database);
    if (!id) return id.error();
    parts->device_id = std::move(*id);
    parts->device = platform::open_device(places.root, parts->device_id, parts->clock);
    parts->policies.emplace(parts->clock, parts->database.get());
    if (auto loaded = parts->policies->load(); !loaded) return loaded.error();
    parts->actions.emplace(parts->clock, parts->database.get());
    parts->sessions.emplace(*parts->database);
    parts->outbox.emplace(parts->clock, *parts->database);
    parts->agenda.emplace(*parts->database);
    parts->audit.emplace(parts->clock, *parts->database);
    parts->enrolments.emplace(*parts->database);
    parts->repairs.emplace(parts->clock, *parts->database);
    parts->neighbours = platform::neighbours(places.root);
    auto& host = parts->device->host();
    auto csps = csp::contents(host);
    Outcome bridged;
    if (host.bridge != nullptr) bridged = csp::add_bridged(csps, *host.bridge);
    parts->tree.emplace(std::move(csps), *parts->policies, *parts->actions, owners_of(parts->neighbours));
    parts->accounts.emplace(*parts->policies);
    if (purpose == Purpose::change) {
        // Whatever a crash left half done disappears here: the device goes back to the last committed state.
        if (auto closed = parts->actions->close_interrupted(); !closed) return closed.error();
        auto cut_short = abandon_network_trial(*parts->policies);
        if (!cut_short) return std::move(cut_short).error();
        if (auto right = parts->put_right(); !right) return std::move(right).error();
        if (!bridged) parts->recovered.failed.push_back(bridged.error());
        if (!parts->neighbours) parts->recovered.failed.push_back(parts->neighbours.error());
        if (auto resumed = host.escrow.resume(); !resumed) {
            parts->recovered.failed.push_back(resumed.error());
        }
        if (*cut_short) {
            if (auto told = report_network_undone(*parts->outbox, *parts->audit, **cut_short); !told)
                return std::move(told).error();
        }
    }
    return std::unique_ptr<Agent>(new Agent(std::move(parts)));
}

const std::string& Agent::state_directory() const {
    return parts_->state;
}
const std::string& Agent::device_id() const {
    return parts_->device_id;
}
platform::Host& Agent::host() {
    return parts_->device->host();
}
tree::Tree& Agent::tree() {
    return *parts_->tree;
}
Accounts& Agent::accounts() {
    return *parts_->accounts;
}
store::Policies& Agent::policies() {
    return *parts_->policies;
}
store::Actions& Agent::actions() {
    return *parts_->actions;
}
store::Sessions& Agent::sessions() {
    return *parts_->sessions;
}
store::Outbox& Agent::outbox() {
    return *parts_->outbox;
}
store::Agenda& Agent::agenda() {
    return *parts_->agenda;
}
audit::Log& Agent::audit() {
    return *parts_->audit;
}
std::string Agent::audit_anchor() const {
    const auto kept = parts_->files->find(audit_head);
    return kept && *kept ? **kept : std::string();
}
const store::Repairs& Agent::repairs() const {
    return *parts_->repairs;
}
const Result<platform::Neighbours>& Agent::neighbours() const {
    return parts_->neighbours;
}
store::Enrolments& Agent::enrolments() {
    return *parts_->enrolments;
}
const Clock& Agent::clock() const {
    return parts_->clock;
}
const std::optional<std::string>& Agent::database_set_aside() const {
    return parts_->database->set_aside();
}
const tree::Tree::Sweep& Agent::recovered() const {
    return parts_->recovered;
}

}  // namespace steward::app
