// A table that is looked at and never set: one look tells of all its rows.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/shapes.h"

namespace steward::platform {

template <class T>
struct Listing : Table<T> {
    virtual Result<Rows<T>> all() = 0;

    std::optional<Result<Rows<T>>> all_at_once() final { return all(); }
    Result<std::vector<std::string>> names() final {
        auto rows = all();
        if (!rows) return std::move(rows).error();
        std::vector<std::string> names;
        for (const auto& [key, row] : *rows) names.push_back(key);
        return names;
    }
    Result<T> read(std::string_view key) final {
        auto rows = all();
        if (!rows) return std::move(rows).error();
        const auto found = rows->find(key);
        if (found == rows->end()) return Error{Fault::not_found, "There is no such row.", std::string(key)};
        return std::move(found->second);
    }
    Outcome write(std::string_view, const T&) final { return refusal(); }
    Outcome erase(std::string_view) final { return refusal(); }

  private:
    static Error refusal() { return {Fault::refused, "This is observed, not set.", {}}; }
};

}  // namespace steward::platform
