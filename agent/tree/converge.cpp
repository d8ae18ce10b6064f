#include "agent/tree/converge.h"

#include <algorithm>

#include "agent/tree/merge.h"

namespace steward::tree {
namespace {

std::string quoted(const std::optional<std::string>& value) {
    return value ? "\"" + *value + "\"" : std::string("nothing");
}

// What the device is expected to say after this value was written.
std::string expected(const csp::Node& node, const std::string& desired) {
    return node.reads_as ? node.reads_as(desired) : desired;
}

// A device that is stricter than asked, because another setting or its own vendor made it so, does what was asked.
bool satisfied(const csp::Node& node, const std::optional<std::string>& device, const std::string& desired) {
    if (!device) return false;
    const std::string wanted = expected(node, desired);
    return csp::same_value(node.format, *device, wanted) || at_least_as_secure(node, *device, wanted);
}

}  // namespace

std::string Converge::uri_of(const Entry& field, const std::string& key) {
    return canonical_uri(field, keys_of(key, field.dynamic_depth));
}

csp::Values Converge::desired(const Unit& unit) const {
    csp::Values values(unit.managed->fields.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        const Entry* field = unit.managed->fields[i];
        if (field == nullptr) continue;
        const store::Row* row = effective(field->node, policies_.at(uri_of(*field, unit.key)));
        if (row != nullptr) values[i] = row->data;
    }
    return values;
}

const Result<csp::Values>& Converge::device(csp::State& state, const std::string& key) {
    auto at = read_.find({&state, key});
    if (at == read_.end() && read_all(state)) at = read_.find({&state, key});
    if (at != read_.end()) return at->second;
    return read_.emplace(std::pair(&state, key), state.read(key)).first->second;
}

const Result<std::vector<std::string>>& Converge::names(csp::State& state) {
    const auto at = names_.find(&state);
    if (at != names_.end()) return at->second;
    if (read_all(state)) return names_.at(&state);
    return names_.emplace(&state, state.names()).first->second;
}

bool Converge::read_all(csp::State& state) {
    if (names_.contains(&state)) return false;  // it was looked at already
    auto all = state.all_at_once();
    if (!all) return false;
    if (!*all) {
        names_.emplace(&state, all->error());
        return true;
    }
    std::vector<std::string> names;
    for (auto& [key, values] : **all) {
        names.push_back(key);
        read_.insert_or_assign({&state, key}, std::move(values));
    }
    names_.emplace(&state, std::move(names));
    return true;
}

Outcome Converge::permitted(const Unit& unit, const csp::Values& desired) const {
    if (owners_.empty()) return {};
    for (std::size_t i = 0; i < desired.size(); ++i) {
        if (!desired[i] || unit.managed->fields[i] == nullptr) continue;
        const auto theirs = owners_.find(uri_of(*unit.managed->fields[i], unit.key));
        if (theirs == owners_.end()) continue;
        return Error{
            Fault::denied,
            theirs->first + " is set by \"" + theirs->second + "\", which manages this device too, and is left to it.",
            {}};
    }
    return {};
}

Outcome Converge::permitted(const Unit& unit) const {
    return permitted(unit, desired(unit));
}

Outcome Converge::prepare(Prepared& prepared) {
    const Unit& unit = *prepared.unit;
    prepared.desired = desired(unit);
    if (auto may = permitted(unit, prepared.desired); !may) return may;
    const auto& device_values = device(*unit.managed->state, unit.key);
    // A row of a table that does not exist yet had no values; anything else that cannot be read must not be touched.
    const bool absent = !device_values && device_values.error().fault == Fault::not_found;
    if (!device_values && !absent) return device_values.error();
    for (std::size_t i = 0; i < prepared.desired.size(); ++i) {
        if (!prepared.desired[i] || unit.managed->fields[i] == nullptr) continue;
        const std::string uri = uri_of(*unit.managed->fields[i], unit.key);
        if (policies_.original(uri) != nullptr) continue;
        policies_.remember(
            uri, absent || unit.managed->fields[i]->node.conceals_device() ? std::nullopt : (*device_values)[i]);
    }
    return {};
}

Outcome Converge::write(const Prepared& prepared) {
    const Unit& unit = *prepared.unit;
    csp::State& state = *unit.managed->state;
    auto written = state.write(unit.key, prepared.desired);
    read_.erase({&state, unit.key});
    names_.erase(&state);
    return written;
}

Outcome Converge::confirm(const Prepared& prepared) {
    const Unit& unit = *prepared.unit;
    csp::State& state = *unit.managed->state;
    const auto& device_values = device(state, unit.key);
    const bool absent = !device_values && device_values.error().fault == Fault::not_found;
    if (!device_values && !absent) return device_values.error();
    for (std::size_t i = 0; i < prepared.desired.size(); ++i) {
        const Entry* field = unit.managed->fields[i];
        if (field == nullptr) continue;
        const std::optional<std::string> now = absent ? std::nullopt : (*device_values)[i];
        const std::string uri = uri_of(*field, unit.key);
        if (prepared.desired[i]) {
            if (satisfied(field->node, now, *prepared.desired[i])) continue;
            if (absent) {
                const auto& why = device_values.error();
                return Error{Fault::io, uri + " was set, but it is not there: " + why.what, why.evidence};
            }
            return Error{Fault::io,
                         uri + " was set, but the device says " +
                             (field->node.conceals_device() ? "something else" : quoted(now)) + ".",
                         field->node.secret ? std::string() : "wanted " + quoted(prepared.desired[i])};
        }
        if (const auto* original = policies_.original(uri)) {
            const bool back = field->node.conceals_device() || now == original->data ||
                              (now && original->data && csp::same_value(field->node.format, *now, *original->data));
            if (!back) leftovers_.push_back({uri, now, original->data});
            policies_.forget(uri);
        }
    }
    return {};
}

Outcome Converge::apply(const std::vector<Unit>& units) {
    std::vector<Prepared> prepared;
    prepared.reserve(units.size());
    for (const auto& unit : units) {
        prepared.push_back({&unit, {}});
        if (auto ready = prepare(prepared.back()); !ready) return ready;
    }
    if (auto secured = policies_.secure(); !secured) return secured;
    // Going on after a failure: whoever rolls back needs every other unit to be right.
    Outcome first;
    std::vector<bool> written;
    written.reserve(prepared.size());
    for (const auto& each : prepared) {
        auto done = write(each);
        written.push_back(done.ok());
        if (!done && first) first = std::move(done);
    }
    for (std::size_t i = 0; i < prepared.size(); ++i) {
        if (!written[i]) continue;
        if (auto done = confirm(prepared[i]); !done && first) first = std::move(done);
    }
    return first;
}

Result<std::vector<Difference>> Converge::difference(const Unit& unit) {
    const auto wanted = desired(unit);
    const auto& device_values = device(*unit.managed->state, unit.key);
    const bool absent = !device_values && device_values.error().fault == Fault::not_found;
    if (!device_values && !absent) return device_values.error();
    std::vector<Difference> differences;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const Entry* field = unit.managed->fields[i];
        if (field == nullptr) continue;
        const std::optional<std::string> now = absent ? std::nullopt : (*device_values)[i];
        const std::string uri = uri_of(*field, unit.key);
        if (wanted[i]) {
            if (satisfied(field->node, now, *wanted[i])) continue;
            const std::optional<std::string> concealed("(secret)");
            differences.push_back(
                {uri, field->node.conceals_device() ? std::nullopt : now, field->node.secret ? concealed : wanted[i]});
        } else if (const auto* original = policies_.original(uri); original != nullptr && original->data != now) {
            differences.push_back({uri, now, std::nullopt});
        }
    }
    return differences;
}

Units Converge::known_units() const {
    Units units;
    const auto consider = [&](std::string_view uri) {
        const auto place = mount_.find(uri);
        if (!place || place->entry->managed == nullptr) return;
        units.add({place->entry->managed, table_key(place->keys)});
    };
    for (const auto& [uri, rows] : policies_.all()) consider(uri);
    for (const auto& [uri, original] : policies_.originals()) consider(uri);
    return units;
}

}  // namespace steward::tree
