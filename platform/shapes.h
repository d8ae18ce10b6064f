// The two forms of device state. Every capability header is a few plain structs plus these.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/result.h"

namespace steward::platform {

// One thing that exists once. Members of T that can be left to the operating system are std::optional.
template <class T>
struct Record {
    virtual ~Record() = default;

    // What is effective on the device now, whoever set it; nullopt: we cannot know or it has no such thing.
    virtual Result<T> read() = 0;

    // Makes the engaged members effective and gives the others back to the operating system: nullopt means
    // "unmanaged", and the value from before us returns. Atomic (old or new, never torn), durable on return,
    // idempotent (a second write touches nothing), and foreign lines in shared files stay.
    virtual Outcome write(const T& managed) = 0;
};

template <class T>
using Rows = std::map<std::string, T, std::less<>>;

// Many things of one kind, each with a key of its own.
template <class T>
struct Table {
    virtual ~Table() = default;
    virtual Result<std::vector<std::string>> names() = 0;
    virtual Result<T> read(std::string_view key) = 0;
    // All of them, where to look for one is to look for all; nullopt: it is not so here.
    virtual std::optional<Result<Rows<T>>> all_at_once() { return std::nullopt; }
    virtual Outcome write(std::string_view key, const T& managed) = 0;
    virtual Outcome erase(std::string_view key) = 0;  // what is not there is already erased
};

}  // namespace steward::platform
