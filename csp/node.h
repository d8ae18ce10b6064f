// A declared node of the management tree: what it is called, what it may hold, and what stands behind it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "csp/value.h"
#include "platform/base/result.h"

namespace steward::csp {

// AccessType of the DDF, as bits.
enum Access : std::uint8_t { can_add = 1, can_copy = 2, can_delete = 4, can_exec = 8, can_get = 16, can_replace = 32 };
using AccessSet = std::uint8_t;
inline constexpr AccessSet setting_access = can_add | can_delete | can_get | can_replace;

// How rows of several authorities become one value. Source: ConflictResolution of Microsoft's DDF v2.
enum class Merge : std::uint8_t {
    last_write,
    lowest,                 // LowestValueMostSecure
    highest,                // HighestValueMostSecure
    lowest_zero_unlimited,  // LowestValueMostSecureZeroHasNoLimits
    highest_zero_unlimited  // HighestValueMostSecureZeroHasNoLimits
};
std::string_view name_of(Merge merge);

enum class Occurrence : std::uint8_t { one, zero_or_one, zero_or_more };

// One text per field of a state, in declared order; nullopt: not managed (write) or not known (read).
using Values = std::vector<std::optional<std::string>>;

// The dynamic segments of a URI, outermost first, percent-decoded.
using Keys = std::vector<std::string>;

// A Record or Table with its type erased: all fields that are read and written together.
struct State {
    virtual ~State() = default;
    virtual bool keyed() const = 0;                        // a Table
    virtual Result<std::vector<std::string>> names() = 0;  // keys that exist on the device; {""} for a Record
    virtual Result<Values> read(const std::string& key) = 0;
    // Every row of a table where to read one is to read all; nullopt: it is not so here.
    virtual std::optional<Result<std::map<std::string, Values>>> all_at_once() { return std::nullopt; }
    virtual Outcome write(const std::string& key, const Values& managed) = 0;  // all nullopt: given back, erased
};

enum class Done : std::uint8_t { now, later };  // later: 202, the outcome follows as an alert

// What stands behind a node.
struct Interior {
    std::shared_ptr<State> inventory;  // for a dynamic node whose names the device gives; else empty
    // The field of the inventory that an instance is itself: that it is there is what is set.
    std::optional<std::size_t> presence = {};
};
struct Kept {};  // the desired state itself is the value; nothing on the device is rendered from it
struct OfState {
    std::shared_ptr<State> state;
    std::size_t index = 0;
    bool managed = true;  // false: read only, always the value on the device
};
struct Live {
    std::function<Result<std::string>(const Keys&)> read;
};
struct Action {
    std::function<Result<Done>(const Keys&, std::string_view argument)> run;
};
using Binding = std::variant<Interior, Kept, OfState, Live, Action>;

struct Node {
    std::string name;   // "{ProviderID}" in braces: dynamic, the text inside says what names it
    std::string about;  // one sentence
    Format format = Format::node;
    AccessSet access = can_get;
    Occurrence occurrence = Occurrence::one;
    Merge merge = Merge::last_write;
    Allowed allowed;
    std::optional<std::string> otherwise;  // DefaultValue of the DDF; what an unset permanent node answers
    std::string mime = "text/plain";
    bool secret = false;    // what is set is never logged or shown, nor read back unless it is readable
    bool readable = false;  // of a secret: what the device says of it is fit to be seen
    bool own = false;       // dynamic: an instance belongs to the authorities that have rows in it, 425 for others
    bool strict_replace = false;  // Replace on a missing node is 404; without it the value is created, as on Windows
    std::function<std::string(std::string)> reads_as;  // what the device says after this value was written
    Binding binding = Interior{};
    std::vector<Node> children;

    bool dynamic() const { return name.size() > 2 && name.front() == '{'; }
    bool interior() const { return format == Format::node; }
    bool conceals_device() const { return secret && !readable; }
    bool permanent() const { return (access & can_add) == 0 && !dynamic(); }

    const Node* child(std::string_view segment) const;  // static names in any case, else the dynamic child
};

}  // namespace steward::csp
