// Everything that Get answers: values, child names, whole subtrees.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/store/policies.h"
#include "agent/tree/access.h"
#include "agent/tree/converge.h"
#include "agent/tree/finder.h"
#include "agent/tree/mount.h"
#include "agent/tree/operation.h"

namespace steward::tree {

// Whose rows make a node exist: those of the asking authority, or everybody's (the person at the keyboard reads all).
enum class Sight : std::uint8_t { own_rows, all_rows };

class Reader {
  public:
    Reader(const Mount& mount, const store::Policies& policies, const Access& access, Converge& converge)
        : policies_(policies), access_(access), converge_(converge), finder_(mount) {}

    void get(const Context& context, const Operation& operation, Answer& answer);  // answer: as constructed

    bool exists(const Context& context, const Place& place, Sight sight);
    Result<std::string> value(const Context& context, const Place& place, Sight sight);  // of a leaf that exists
    std::vector<Place> children(const Context& context, const Place& place, Sight sight);

    // The rows that count for this authority; nullptr: none.
    const store::Row* row(const Context& context, const std::string& uri, Sight sight) const;
    static Sight sight_of(const Context& context) {
        return std::string_view(context.authority) == local_authority ? Sight::all_rows : Sight::own_rows;
    }

  private:
    struct Line {  // one node of a subtree
        Place place;
        std::size_t depth = 0;
        std::optional<std::string> data;
    };
    Answer get_property(const Context& context, const Place& place, std::string_view property);
    Answer get_list(const Context& context, const Place& place, std::string_view uri, std::string_view list);
    Outcome walk(const Context& context, const Place& start, bool with_data,
                 const std::function<void(const Line&)>& visit);
    std::string child_names(const Context& context, const Place& place, Sight sight);  // "a/b", as a Get answers
    bool instance_exists(const Context& context, const Place& place, Sight sight);
    Result<std::string> tnds(const Context& context, const Place& start, std::string_view properties);

    const store::Policies& policies_;
    const Access& access_;
    Converge& converge_;
    Finder finder_;
};

}  // namespace steward::tree
