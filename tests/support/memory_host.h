// A Host in memory. Its shapes keep the promises of platform/shapes.h, so that whoever stands on a Host can be tested
// without a device.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/host.h"

namespace steward::test {

// The engaged members of `managed` over those of `device`.
platform::PasswordRules overlaid(platform::PasswordRules device, const platform::PasswordRules& managed);
platform::EncryptionRules overlaid(platform::EncryptionRules device, const platform::EncryptionRules& managed);
template <class T>
T overlaid(T, const T& managed) {
    return managed;
}

template <class T>
class MemoryRecord final : public platform::Record<T> {
  public:
    T device;            // what is effective while nothing is managed
    int writes = 0;      // that changed something
    Outcome next_write;  // what the next write answers; a failure changes nothing

    Result<T> read() override { return overlaid(device, managed_); }
    Outcome write(const T& managed) override {
        if (auto answer = std::exchange(next_write, Outcome()); !answer) return answer;
        if (overlaid(device, managed) == overlaid(device, managed_)) return {};
        managed_ = managed;
        ++writes;
        return {};
    }

  private:
    T managed_;
};

// Facts: a record that can't be written.
template <class T>
class MemoryFacts final : public platform::Record<T> {
  public:
    T device;
    Result<T> read() override { return device; }
    Outcome write(const T&) override { return Error{Fault::refused, "Facts are read, not set.", ""}; }
};

template <class T>
class MemoryTable final : public platform::Table<T> {
  public:
    std::map<std::string, T, std::less<>> rows;

    Result<std::vector<std::string>> names() override {
        std::vector<std::string> names;
        for (const auto& [key, row] : rows) names.push_back(key);
        return names;
    }
    Result<T> read(std::string_view key) override {
        const auto found = rows.find(key);
        if (found == rows.end()) return Error{Fault::not_found, "There is no such row.", std::string(key)};
        return found->second;
    }
    Outcome write(std::string_view key, const T& managed) override {
        rows.insert_or_assign(std::string(key), managed);
        return {};
    }
    Outcome erase(std::string_view key) override {
        rows.erase(std::string(key));
        return {};
    }
};

// Remembers what it was told; the failure comes first when there is one.
struct MemoryPower final : platform::Power {
    std::optional<Instant> planned;
    std::string sentence;
    Outcome next;

    Outcome plan_restart(Instant when, const std::string& said) override {
        if (auto answer = std::exchange(next, Outcome()); !answer) return answer;
        planned = when;
        sentence = said;
        return {};
    }
    Result<std::optional<Instant>> planned_restart() override { return planned; }
};

struct MemoryScreens final : platform::Screens {
    int locked = 0;
    Outcome next;

    Outcome lock_all() override {
        if (auto answer = std::exchange(next, Outcome()); !answer) return answer;
        ++locked;
        return {};
    }
};

struct MemoryVolumes final : platform::Volumes {
    platform::Rows<platform::Volume> rows;
    int looks = 0;
    Result<platform::Rows<platform::Volume>> all() override {
        ++looks;
        return rows;
    }
};

struct MemoryStaleServices final : platform::StaleServices {
    platform::Rows<platform::StaleService> rows;
    Result<platform::Rows<platform::StaleService>> all() override { return rows; }
    Outcome look() override { return {}; }
};

struct MemoryEscrow final : platform::Escrow {
    platform::Rotation rotation;
    std::vector<std::string> acknowledged;
    Outcome next;

    Outcome rotate(const std::string& request) override {
        rotation.request = request;
        auto answer = std::exchange(next, Outcome());
        rotation.state = answer ? platform::Rotation::State::passed : platform::Rotation::State::failed;
        if (!answer) rotation.reason = answer.error().what;
        return answer;
    }
    Outcome received(std::string_view key) override {
        acknowledged.emplace_back(key);
        return {};
    }
    Outcome resume() override { return {}; }
    Result<platform::Rotation> last() override { return rotation; }
};

// A guard over a network that comes and goes at once; `holds`: the old one can still be returned to.
struct MemoryNetworkGuard final : platform::NetworkGuard {
    int armed = 0, kept = 0, undone = 0;
    bool holds = false;
    Outcome arm(std::chrono::seconds) override {
        ++armed;
        holds = true;
        return {};
    }
    bool is_armed() const override { return holds; }
    Result<Verdict> keep() override {
        ++kept;
        return std::exchange(holds, false) ? Verdict::kept : Verdict::had_been_undone;
    }
    Outcome undo() override {
        ++undone;
        holds = false;
        return {};
    }
};

struct MemoryWiper final : platform::Wiper {
    std::optional<platform::WipeOrder> order_taken;
    bool allowed = false;
    Result<std::vector<std::string>> plan(platform::WipeKind) override {
        if (!allowed) return Error{Fault::refused, "This device does not allow to be wiped.", {}};
        return std::vector<std::string>{"overwrite /dev/memory"};
    }
    Outcome order(platform::WipeKind kind, Instant at) override {
        if (auto planned = plan(kind); !planned) return planned.error();
        order_taken = {kind, at};
        return {};
    }
    Result<std::optional<platform::WipeOrder>> ordered() override { return order_taken; }
    Outcome carry_out(const std::function<void(const std::string&)>&) override {
        order_taken.reset();
        return {};
    }
};

struct MemoryUpdateDeadline final : platform::UpdateDeadline {
    platform::UpdateStanding state;
    Result<platform::UpdateStanding> standing() override { return state; }
    Outcome hold() override { return {}; }
    Result<std::vector<std::string>> enforce() override { return std::vector<std::string>(); }
};

// A laptop with the facts and rules of the private Debian root.
struct MemoryHost {
    MemoryHost();
    MemoryHost(const MemoryHost&) = delete;
    MemoryHost& operator=(const MemoryHost&) = delete;

    MemoryFacts<platform::Identity> identity;
    MemoryFacts<platform::Health> health;
    MemoryFacts<platform::Battery> battery;
    MemoryRecord<platform::PasswordRules> passwords;
    MemoryFacts<platform::Logins> logins;
    MemoryTable<platform::Adapter> adapters;
    MemoryFacts<platform::Uplink> uplink;
    MemoryRecord<platform::UpdateRules> updates;
    MemoryTable<platform::PackageUpdate> installable, installed, failed, pending_restart;
    MemoryTable<platform::Approval> approved;
    MemoryStaleServices stale;
    MemoryFacts<platform::UpdateFacts> update_facts;
    MemoryUpdateDeadline update_deadline;
    MemoryPower power;
    MemoryRecord<platform::RestartSchedule> restarts;
    MemoryScreens screens;
    MemoryVolumes volumes;
    MemoryRecord<platform::EncryptionRules> encryption;
    MemoryEscrow escrow;
    MemoryTable<platform::RecoveryKey> recovery_keys;
    MemoryTable<platform::StoredCertificate> roots, system_trust, intermediates, personal;
    MemoryTable<platform::ClientCertificate> clients;
    MemoryTable<platform::WifiNetwork> wifi;
    MemoryNetworkGuard network_guard;
    MemoryWiper wiper;
    MemoryRecord<platform::WirelessRules> wireless;
    FixedClock clock;
    platform::Host host;
};

}  // namespace steward::test
