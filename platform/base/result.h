// How everything in Steward fails: a Result holds a value or an Error, and an Error speaks to a person.
#pragma once

#include <cstdlib>
#include <string>
#include <utility>
#include <variant>

namespace steward {

// What kind of failure it was. agent/session/status.cpp alone turns these into SyncML numbers.
enum class Fault {
    malformed,    // the request itself is wrong: bad URI, missing part
    incomplete,   // a required part is missing
    invalid,      // well formed, but the value is not acceptable here
    format,       // the value's format or media type does not fit the node
    refused,      // this verb is not allowed on this node
    denied,       // this authority has no right
    not_found,    // there is no such node, file, account
    exists,       // it is already there
    unsupported,  // an optional feature that we do not have, here or at all
    busy,         // try again later
    too_large,    // value or message beyond a limit
    uri_too_long,
    full,         // disk, table or queue is full
    timeout,      // it took too long
    interrupted,  // we were told to stop
    io,           // the operating system or a back end said no
    store,        // our own database failed
    bug,          // we broke an invariant of our own
};

struct Error {
    Fault fault = Fault::bug;
    std::string what;      // one sentence: what failed and why
    std::string evidence;  // what we saw: path, errno text, line; may be empty
};

template <class T>
class [[nodiscard]] Result {
  public:
    Result(T value) : held_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : held_(std::in_place_index<1>, std::move(error)) {}

    bool ok() const { return held_.index() == 0; }
    explicit operator bool() const { return ok(); }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(value()); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }
    const Error& error() const& { return std::get<1>(held_); }
    Error&& error() && { return std::get<1>(std::move(held_)); }

  private:
    T& value() {
        if (!ok()) std::abort();  // reading a failed Result is a bug of ours, never of the input
        return *std::get_if<0>(&held_);
    }
    const T& value() const { return const_cast<Result*>(this)->value(); }

    std::variant<T, Error> held_;
};

template <>
class [[nodiscard]] Result<void> {
  public:
    Result() = default;
    Result(Error error) : error_(std::in_place_index<1>, std::move(error)) {}

    bool ok() const { return error_.index() == 0; }
    explicit operator bool() const { return ok(); }
    const Error& error() const& { return std::get<1>(error_); }
    Error&& error() && { return std::get<1>(std::move(error_)); }

  private:
    std::variant<std::monostate, Error> error_;
};

// The result of doing something that yields no value.
using Outcome = Result<void>;

}  // namespace steward
