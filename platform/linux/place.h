// Finding a path inside a root, link by link. The part of Files that makes sure nothing leaves the root.
#pragma once

#include <sys/stat.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/result.h"
#include "platform/linux/calls.h"

namespace steward::platform {

// An open file, closed with its owner.
class Descriptor {
  public:
    explicit Descriptor(int number = -1) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(other.number_) { other.number_ = -1; }
    Descriptor& operator=(Descriptor&& other) noexcept;
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor();

    int number() const { return number_; }
    bool open() const { return number_ != -1; }

  private:
    int number_;
};

struct Place {
    Descriptor directory;              // the deepest directory that exists
    std::string name;                  // in it; the last part of the path, links followed. "." for the root
    std::optional<struct stat> found;  // nullopt: nothing of that name
    std::vector<std::string> missing;  // directories that have to be made below `directory` before `name` can be
};

// Where the path is, with every link followed inside the root; follow_last: the last part too.
Result<Place> find_place(Calls& calls, const std::string& root, std::string_view path, bool follow_last = true);

// What a call that failed just now has to say. The fault tells apart what a caller may want to treat differently.
Error failed_call(std::string_view what, std::string_view path);

}  // namespace steward::platform
