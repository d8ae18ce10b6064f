#include "platform/windows/bridge.h"

#include <algorithm>
#include <set>
#include <utility>

#include "platform/base/text.h"
#include "platform/windows/bridge_class.h"

namespace steward::platform {
namespace {

const std::string place = R"(SOFTWARE\Steward\Bridge)";
const std::string notes_place = place + R"(\Before)";  // a key for each node, a value for each leaf that we set
constexpr std::string_view root = "./Device/Vendor/MSFT/";
constexpr std::string_view bridge_root = "./Vendor/MSFT";  // as the bridge spells it
constexpr std::string_view config_prefix = "MDM_Policy_Config01_";
constexpr std::string_view result_prefix = "MDM_Policy_Result01_";

std::string name_below(std::string_view uri) {
    return std::string(uri.substr(root.size()));
}

std::string note_key(std::string_view uri) {
    return notes_place + '\\' + name_below(uri);  // with slashes, which are letters of a key's name as others are
}

bool lets_through(const std::vector<std::string_view>& served, std::string_view node) {
    return std::any_of(served.begin(), served.end(), [&](std::string_view each) {
        each = trim(each);
        return each == "*" ||
               (!each.empty() && node.size() >= each.size() && same_ignoring_case(node.substr(0, each.size()), each) &&
                (node.size() == each.size() || node[each.size()] == '/'));
    });
}

// Windows puts a text into a document as it stands, so that XML has to be escaped by whoever sets it.
std::string escaped(std::string_view text) {
    std::string made;
    for (const char letter : text) {
        switch (letter) {
            case '&':
                made += "&amp;";
                break;
            case '<':
                made += "&lt;";
                break;
            case '>':
                made += "&gt;";
                break;
            default:
                made += letter;
        }
    }
    return made;
}

// Whether it is told as it was set or as it was meant is not documented: a text with no bracket and an escaped one was
// set.
std::string meant(std::string text) {
    if (text.find("&lt;") == std::string::npos || text.find('<') != std::string::npos) return text;
    std::string made;
    for (std::size_t i = 0; i < text.size();) {
        const std::string_view rest = std::string_view(text).substr(i);
        const auto is = [&](std::string_view entity, char letter) {
            if (!rest.starts_with(entity)) return false;
            made += letter;
            i += entity.size();
            return true;
        };
        if (is("&lt;", '<') || is("&gt;", '>') || is("&quot;", '"') || is("&amp;", '&')) continue;
        made += text[i++];
    }
    return made;
}

std::optional<std::string> text_of(const WmiObject& object, const BridgeLeaf& leaf) {
    const auto found = object.find(leaf.name);
    if (found == object.end()) return std::nullopt;
    switch (leaf.kind) {
        case BridgeLeaf::Kind::text:
            if (const auto* text = std::get_if<std::string>(&found->second)) return meant(*text);
            break;
        case BridgeLeaf::Kind::number:  // 32 bits with a sign
            if (const auto* number = std::get_if<std::int64_t>(&found->second)) {
                return std::to_string(static_cast<std::int32_t>(*number));
            }
            break;
        case BridgeLeaf::Kind::flag:
            if (const auto* flag = std::get_if<bool>(&found->second)) return *flag ? "true" : "false";
            break;
    }
    return std::nullopt;
}

Result<WmiValue> value_of(const BridgeLeaf& leaf, const std::string& text) {
    switch (leaf.kind) {
        case BridgeLeaf::Kind::number: {
            const auto number = to_integer(text);
            if (!number || *number < INT32_MIN || *number > INT32_MAX) {
                return Error{Fault::invalid, "Windows takes a number of 32 bits for " + leaf.name + ".", text};
            }
            return WmiValue(*number);
        }
        case BridgeLeaf::Kind::flag:
            return WmiValue(text == "true");
        case BridgeLeaf::Kind::text:
            break;
    }
    return WmiValue(escaped(text));
}

// A policy is asked for where Windows tells what is in force, whoever set it.
std::string told_by(const std::string& name) {
    if (!name.starts_with(config_prefix)) return name;
    return std::string(result_prefix) + name.substr(config_prefix.size());
}

}  // namespace

Result<std::vector<BridgeNode>> WindowsBridge::nodes() {
    const auto serve = registry_.text(place, "Serve").value_or(std::string());
    auto noted = registry_.keys(notes_place);
    if (!noted) return std::move(noted).error();
    std::vector<BridgeNode> nodes;
    if (trim(serve).empty() && noted->empty()) return nodes;
    auto classes = calls_.classes();
    if (!classes) {
        auto error = std::move(classes).error();
        error.what = "Nothing of what Windows would serve itself is there: " + error.what;
        return error;
    }
    const auto served = split(serve, ';');
    std::set<std::string> seen;
    for (auto& each : *classes) {
        const auto node = node_of_class(each.name);
        if (!node || each.name.starts_with(result_prefix) || each.properties.empty()) continue;
        const bool ours = std::any_of(noted->begin(), noted->end(),
                                      [&](const std::string& name) { return same_ignoring_case(name, *node); });
        if ((!ours && !lets_through(served, *node)) || !seen.insert(lower(*node)).second) continue;
        // Of policies all are settings, by what they are.
        if (each.name.starts_with(config_prefix)) {
            for (auto& leaf : each.properties) leaf.setting = true;
        }
        nodes.push_back({std::string(root) + *node, each.name, std::move(each.properties)});
    }
    return nodes;
}

Result<std::optional<WindowsBridge::Instance>> WindowsBridge::find(const std::string& name, const BridgeNode& node) {
    auto rows = calls_.instances(name);
    if (!rows) return std::move(rows).error();
    if (rows->empty()) return std::optional<Instance>();
    if (rows->size() > 1) {
        return Error{
            Fault::unsupported, "Windows tells of more than one " + name + ": it is not known which is meant.", {}};
    }
    const auto& row = rows->front();
    Instance instance;
    instance.path = platform::text_of(row, "__RELPATH").value_or(std::string());
    for (const char* key : {"ParentID", "InstanceID"}) {
        if (auto text = platform::text_of(row, key)) instance.keys.emplace(key, std::move(*text));
    }
    for (const auto& leaf : node.leaves) {
        if (auto text = text_of(row, leaf)) instance.values.emplace(leaf.name, std::move(*text));
    }
    return std::optional(std::move(instance));
}

Result<BridgeValues> WindowsBridge::read(const BridgeNode& node) {
    auto told = find(told_by(node.source), node);
    if (!told) return std::move(told).error();
    return *told ? std::move((*told)->values) : BridgeValues();
}

Result<WindowsBridge::Notes> WindowsBridge::notes_of(const std::string& uri) const {
    const auto key = note_key(uri);
    auto names = registry_.values(key);
    if (!names) return std::move(names).error();
    Notes notes;
    for (const auto& name : *names) {
        // "=text", or nothing: a value of its own cannot be told from none otherwise.
        const auto text = registry_.text(key, name);
        if (!text) return Error{Fault::io, "What stood there before us cannot be read.", key + '\\' + name};
        notes.emplace(name, text->empty() ? std::nullopt : std::optional(text->substr(1)));
    }
    return notes;
}

Outcome WindowsBridge::keep(const std::string& uri, const Notes& from, const Notes& to) {
    const auto key = note_key(uri);
    std::vector<Setting> settings;
    for (const auto& [name, before] : to) {
        if (!from.contains(name)) settings.push_back({key, name, text_value(before ? '=' + *before : "")});
    }
    for (const auto& [name, before] : from) {
        if (!to.contains(name)) settings.push_back({key, name, std::nullopt, 2});
    }
    return registry_.apply(settings);
}

Outcome WindowsBridge::replace(const BridgeNode& node, const std::optional<Instance>& before,
                               const BridgeValues& values) {
    if (values.empty() && before) {
        // Of a policy nothing is left; other nodes are there without a value, too.
        if (node.source.starts_with(config_prefix)) return calls_.erase(before->path);
    }
    WmiObject properties;
    if (before) {
        properties = before->keys;
    } else {
        const auto name = name_below(node.uri);
        const auto slash = name.rfind('/');
        properties["ParentID"] =
            std::string(bridge_root) + (slash == std::string::npos ? "" : '/' + name.substr(0, slash));
        properties["InstanceID"] = slash == std::string::npos ? name : name.substr(slash + 1);
    }
    for (const auto& leaf : node.leaves) {
        if (!leaf.setting) continue;
        const auto found = values.find(leaf.name);
        if (found == values.end()) {
            if (before && before->values.contains(leaf.name)) properties[leaf.name] = std::monostate();
            continue;
        }
        auto value = value_of(leaf, found->second);
        if (!value) return std::move(value).error();
        properties[leaf.name] = std::move(*value);
    }
    return calls_.put(node.source, properties);
}

Outcome WindowsBridge::write(const BridgeNode& node, const BridgeValues& managed) {
    auto notes = notes_of(node.uri);
    if (!notes) return std::move(notes).error();
    if (managed.empty() && notes->empty()) return {};
    auto before = find(node.source, node);
    if (!before) return std::move(before).error();

    const BridgeValues stands = *before ? (*before)->values : BridgeValues();
    BridgeValues values;
    for (const auto& leaf : node.leaves) {
        const auto found = stands.find(leaf.name);
        if (leaf.setting && found != stands.end()) values.insert(*found);
    }
    const BridgeValues settings = values;
    Notes noted = *notes, left;
    for (const auto& [name, value] : managed) {
        const auto found = stands.find(name);
        noted.emplace(name, found == stands.end() ? std::nullopt : std::optional(found->second));
        left.insert(*noted.find(name));
        values[name] = value;
    }
    for (const auto& [name, was] : *notes) {
        if (managed.contains(name)) continue;
        values.erase(name);
        if (was) values.emplace(name, *was);
    }
    // What stood there is kept before it is overwritten, and forgotten after it is back.
    if (auto kept = keep(node.uri, *notes, noted); !kept) return kept;
    if (values != settings) {
        if (auto replaced = replace(node, *before, values); !replaced) {
            // Where a part of it happened, what stood there is still needed.
            const auto now = find(node.source, node);
            if (now && (*now ? (*now)->values : BridgeValues()) == stands) (void)keep(node.uri, noted, *notes);
            return replaced;
        }
    }
    return keep(node.uri, noted, left);
}

bool set_through_bridge(const Registry& registry, std::string_view area, std::string_view policy) {
    return registry.text(notes_place + R"(\Policy/Config/)" + std::string(area), policy).has_value();
}

}  // namespace steward::platform
