#include "platform/linux/place.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <system_error>
#include <utility>

#include "platform/base/text.h"

namespace steward::platform {
namespace {

constexpr int most_links = 40;  // as the kernel's own limit

// The parts of a path still to be walked, the next one last.
void push_parts(std::vector<std::string>& pending, std::string_view path) {
    const auto parts = split(path, '/');
    for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
        if (!part->empty() && *part != ".") pending.emplace_back(*part);
    }
}

class Walk {
  public:
    Walk(Calls& calls, std::string_view path) : calls_(calls), path_(path) {}

    Result<Place> run(const std::string& root, bool follow_last) {
        Descriptor top(calls_.open_at(AT_FDCWD, root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC, 0));
        if (!top.open()) return failed_call("The root directory can't be opened", root);
        trail_.push_back(std::move(top));
        push_parts(pending_, path_);
        while (!pending_.empty()) {
            const std::string part = std::move(pending_.back());
            pending_.pop_back();
            if (part == "..") {
                if (trail_.size() > 1) trail_.pop_back();
                continue;
            }
            if (pending_.empty()) {
                auto place = last(part, follow_last);
                if (!place) return std::move(place).error();
                if (*place) return std::move(**place);
                continue;
            }
            Descriptor next(calls_.open_at(here(), part.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0));
            if (next.open()) {
                trail_.push_back(std::move(next));
                continue;
            }
            if (errno == ENOENT) return not_there(part);
            if (errno != ENOTDIR && errno != ELOOP) return failed_call("A directory can't be opened", path_);
            auto link = follow(part);
            if (!link) return std::move(link).error();
        }
        return directory_itself();
    }

  private:
    int here() const { return trail_.back().number(); }

    Result<std::optional<Place>> last(const std::string& name, bool follow_last) {
        struct stat found {};
        if (calls_.stat_at(here(), name.c_str(), &found) == -1) {
            if (errno != ENOENT) return failed_call("A file can't be examined", path_);
            return std::optional<Place>(Place{std::move(trail_.back()), name, std::nullopt, {}});
        }
        if (S_ISLNK(found.st_mode) && follow_last) {
            auto link = follow(name);
            if (!link) return std::move(link).error();
            return std::optional<Place>();
        }
        return std::optional<Place>(Place{std::move(trail_.back()), name, found, {}});
    }

    Outcome follow(const std::string& name) {
        if (++links_ > most_links) {
            return Error{Fault::io, "The path has too many symbolic links.", path_};
        }
        std::array<char, PATH_MAX> target;
        const auto size = calls_.read_link_at(here(), name.c_str(), target.data(), target.size());
        if (size == -1 && errno == EINVAL) {
            return Error{Fault::io, "A part of the path is a file where a directory should be.", path_};
        }
        if (size == -1) return failed_call("A symbolic link can't be read", path_);
        const std::string_view text(target.data(), static_cast<std::size_t>(size));
        if (text.starts_with('/')) trail_.resize(1);
        push_parts(pending_, text);
        return {};
    }

    // The directory of `part` does not exist, so neither does what should be in it.
    Result<Place> not_there(const std::string& part) {
        Place place{std::move(trail_.back()), pending_.front(), std::nullopt, {part}};
        for (std::size_t i = pending_.size() - 1; i > 0; --i) place.missing.push_back(pending_[i]);
        for (const auto& name : place.missing) {
            if (name == "..") return Error{Fault::not_found, "A directory of the path does not exist.", path_};
        }
        return place;
    }

    Result<Place> directory_itself() {
        struct stat found {};
        if (calls_.stat_at(here(), ".", &found) == -1) return failed_call("A directory can't be examined", path_);
        return Place{std::move(trail_.back()), ".", found, {}};
    }

    Calls& calls_;
    std::string path_;
    std::vector<std::string> pending_;
    std::vector<Descriptor> trail_;  // from the root to where we are, so that ".." needs no trust in the disk
    int links_ = 0;
};

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
}

Descriptor::~Descriptor() {
    if (number_ != -1) ::close(number_);
}

Result<Place> find_place(Calls& calls, const std::string& root, std::string_view path, bool follow_last) {
    if (path.find('\0') != std::string_view::npos) {
        return Error{Fault::malformed, "A path can't hold a NUL byte.", ""};
    }
    return Walk(calls, path).run(root, follow_last);
}

Error failed_call(std::string_view what, std::string_view path) {
    const int number = errno;
    Error error{Fault::io, std::string(what) + ": " + std::generic_category().message(number) + ".", std::string(path)};
    if (number == ENOENT) error.fault = Fault::not_found;
    if (number == ENOSPC || number == EDQUOT) error.fault = Fault::full;
    return error;
}

}  // namespace steward::platform
