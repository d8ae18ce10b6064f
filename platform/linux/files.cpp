#include "platform/linux/files.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "platform/base/text.h"
#include "platform/linux/place.h"

namespace steward::platform {
namespace {

constexpr mode_t permission_bits = 07777;

// Files under construction keep clear of the names that daemons look for in drop-in directories ("*.conf").
std::string scratch_name(const std::string& name) {
    return "." + name + ".steward-new";
}

Error without_place(std::string_view path) {
    return {Fault::not_found, "There is no such file.", std::string(path)};
}

// A power cut may have left a file under construction beside one that is right as it is.
Outcome remove_leftover(Calls& calls, const std::string& root, const std::string& path) {
    auto place = find_place(calls, root, path);
    if (!place) return std::move(place).error();
    if (!place->missing.empty()) return {};
    if (calls.unlink_at(place->directory.number(), scratch_name(place->name).c_str(), 0) == -1 && errno != ENOENT) {
        return failed_call("A leftover file can't be removed", path);
    }
    return {};
}

// One file of an apply(): what it was, what was done to it so far, and how to take that back.
class Step {
  public:
    Step(Calls& calls, const std::string& root, const Change& change) : calls_(calls), root_(root), change_(change) {}

    // Writes the new content beside the old one.
    Outcome stage(std::optional<std::string> before) {
        before_ = std::move(before);
        auto place = find_place(calls_, root_, change_.path);
        if (!place) return std::move(place).error();
        place_ = std::move(*place);
        if (place_.found && !S_ISREG(place_.found->st_mode)) {
            return Error{Fault::io, "Only a regular file can be written here.", change_.path};
        }
        if (!change_.content) return {};
        if (auto made = make_missing(); !made) return made;
        return write_scratch(*change_.content);
    }

    // Puts the new content in place.
    Outcome commit() {
        if (!change_.content) {
            if (calls_.unlink_at(place_.directory.number(), place_.name.c_str(), 0) == -1) {
                return failed_call("A file can't be removed", change_.path);
            }
            placed_ = true;
            if (auto synced = sync_directory(); !synced) return synced;
            return prune();
        }
        if (auto renamed = rename_scratch(); !renamed) return renamed;
        placed_ = true;
        return sync_directory();
    }

    // Everything as before, as far as the device allows.
    Outcome undo() {
        if (scratch_) {
            (void)calls_.unlink_at(place_.directory.number(), scratch_name(place_.name).c_str(), 0);
            scratch_ = false;
        }
        Outcome undone;
        if (placed_) undone = put_back();
        while (!made_.empty()) {
            const auto& [parent, name] = made_.back();
            (void)calls_.unlink_at(parent.number(), name.c_str(), AT_REMOVEDIR);
            made_.pop_back();
        }
        return undone;
    }

  private:
    Outcome make_missing() {
        for (const auto& name : place_.missing) {
            auto made = make_directory(name);
            if (!made) return std::move(made).error();
            made_.emplace_back(std::exchange(place_.directory, std::move(*made)), name);
        }
        place_.missing.clear();
        return {};
    }

    Result<Descriptor> make_directory(const std::string& name) {
        const int parent = place_.directory.number();
        if (calls_.make_directory_at(parent, name.c_str(), 0755) == -1) {
            return failed_call("A directory can't be made", change_.path);
        }
        Descriptor made(calls_.open_at(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0));
        // Whatever our umask is, services that run as other users have to look into it.
        if (!made.open() || calls_.set_mode(made.number(), 0755) == -1 || !sync(parent)) {
            auto error = failed_call("A new directory can't be set up", change_.path);
            (void)calls_.unlink_at(parent, name.c_str(), AT_REMOVEDIR);
            return error;
        }
        return made;
    }

    Outcome write_scratch(std::string_view content) {
        const auto name = scratch_name(place_.name);
        const int directory = place_.directory.number();
        if (calls_.unlink_at(directory, name.c_str(), 0) == -1 && errno != ENOENT) {
            return failed_call("A leftover file can't be removed", change_.path);
        }
        const Descriptor file(
            calls_.open_at(directory, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
        if (!file.open()) return failed_call("A file can't be made", change_.path);
        scratch_ = true;
        while (!content.empty()) {
            const auto done = calls_.write(file.number(), content.data(), content.size());
            if (done == -1) return failed_call("A file can't be written", change_.path);
            content.remove_prefix(static_cast<std::size_t>(done));
        }
        const auto& old = place_.found;
        if (old && calls_.set_owner(file.number(), old->st_uid, old->st_gid) == -1) {
            return failed_call("A file can't be given its owner", change_.path);
        }
        if (calls_.set_mode(file.number(), old ? old->st_mode & permission_bits : change_.mode) == -1) {
            return failed_call("A file can't be given its mode", change_.path);
        }
        if (calls_.sync(file.number()) == -1) return failed_call("A file can't be written to disk", change_.path);
        return {};
    }

    Outcome rename_scratch() {
        const auto name = scratch_name(place_.name);
        if (calls_.rename_at(place_.directory.number(), name.c_str(), place_.name.c_str()) == -1) {
            return failed_call("A file can't be replaced", change_.path);
        }
        scratch_ = false;
        return {};
    }

    Outcome put_back() {
        if (!before_) {
            if (calls_.unlink_at(place_.directory.number(), place_.name.c_str(), 0) == -1) {
                return failed_call("A new file can't be taken back", change_.path);
            }
            return sync_directory();
        }
        if (!pruned_.empty()) {  // the directories went with the file: the names are all there is to go by
            place_.missing = {pruned_.rbegin(), pruned_.rend()};
            place_.directory = std::move(above_pruned_);
            if (auto made = make_missing(); !made) return made;
            made_.clear();  // they stay
        } else {
            // The directory may be another one by now: one that went with a later file and was made anew for it.
            auto place = find_place(calls_, root_, change_.path);
            if (!place) return std::move(place).error();
            place_.directory = std::move(place->directory);
        }
        if (auto written = write_scratch(*before_); !written) return written;
        if (auto renamed = rename_scratch(); !renamed) return renamed;
        return sync_directory();
    }

    // Takes away the empty directories above a removed file, the innermost first.
    Outcome prune() {
        std::string_view path = change_.path;
        for (std::size_t i = 0; i < change_.prune; ++i) {
            path = path.substr(0, path.rfind('/'));
            if (path.empty()) return {};
            auto place = find_place(calls_, root_, path, false);
            if (!place) return std::move(place).error();
            if (!place->found || !S_ISDIR(place->found->st_mode)) return {};
            if (calls_.unlink_at(place->directory.number(), place->name.c_str(), AT_REMOVEDIR) == -1) {
                if (errno == ENOTEMPTY || errno == EEXIST) return {};
                return failed_call("An empty directory can't be removed", path);
            }
            pruned_.push_back(place->name);
            above_pruned_ = std::move(place->directory);
        }
        return {};
    }

    bool sync(int directory) {
        const Descriptor readable(calls_.open_at(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0));
        return readable.open() && calls_.sync(readable.number()) == 0;
    }

    Outcome sync_directory() {
        if (!sync(place_.directory.number())) {
            return failed_call("A directory can't be written to disk", change_.path);
        }
        return {};
    }

    Calls& calls_;
    const std::string& root_;
    const Change& change_;
    std::optional<std::string> before_;
    Place place_;
    std::vector<std::pair<Descriptor, std::string>> made_;  // directories of ours and the directory each is in
    std::vector<std::string> pruned_;                       // names, innermost first
    Descriptor above_pruned_;
    bool scratch_ = false;  // the scratch file exists
    bool placed_ = false;   // the file is no longer what it was
};

}  // namespace

Result<std::string> Files::read(std::string_view path, std::size_t limit) const {
    auto place = find_place(calls_, root_, path);
    if (!place) return std::move(place).error();
    if (!place->found) return without_place(path);
    if (!S_ISREG(place->found->st_mode)) {
        return Error{Fault::io, "Only a regular file can be read here.", std::string(path)};
    }
    const Descriptor file(
        calls_.open_at(place->directory.number(), place->name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC, 0));
    if (!file.open()) return failed_call("A file can't be opened", path);
    std::string content;
    std::array<char, 16384> buffer;
    for (;;) {
        const auto got = calls_.read(file.number(), buffer.data(), buffer.size());
        if (got == -1) return failed_call("A file can't be read", path);
        if (got == 0) return content;
        content.append(buffer.data(), static_cast<std::size_t>(got));
        if (content.size() > limit) {
            return Error{Fault::too_large, "The file is larger than " + std::to_string(limit) + " bytes.",
                         std::string(path)};
        }
    }
}

Result<std::optional<std::string>> Files::find(std::string_view path, std::size_t limit) const {
    auto content = read(path, limit);
    if (content) return std::optional<std::string>(std::move(*content));
    if (content.error().fault == Fault::not_found) return std::optional<std::string>();
    return std::move(content).error();
}

std::optional<std::string> Files::fact(std::string_view path) const {
    const auto content = read(path);
    if (!content) return std::nullopt;
    const auto text = trim(*content);
    if (text.empty()) return std::nullopt;
    return std::string(text);
}

bool Files::exists(std::string_view path) const {
    const auto there = present(path);
    return there && *there;
}

Result<bool> Files::present(std::string_view path) const {
    auto place = find_place(calls_, root_, path);
    if (!place) return std::move(place).error();
    return place->found.has_value();
}

Result<struct stat> Files::stat(std::string_view path) const {
    auto place = find_place(calls_, root_, path);
    if (!place) return std::move(place).error();
    if (!place->found) return without_place(path);
    return *place->found;
}

Result<std::string> Files::link_target(std::string_view path) const {
    auto place = find_place(calls_, root_, path, false);
    if (!place) return std::move(place).error();
    if (!place->found) return without_place(path);
    std::array<char, 4096> target;
    const auto size = calls_.read_link_at(place->directory.number(), place->name.c_str(), target.data(), target.size());
    if (size == -1) return failed_call("A symbolic link can't be read", path);
    return std::string(target.data(), static_cast<std::size_t>(size));
}

Result<std::vector<std::string>> Files::list(std::string_view directory) const {
    auto place = find_place(calls_, root_, directory);
    if (!place) return std::move(place).error();
    if (!place->found) return without_place(directory);
    const Descriptor opened(calls_.open_at(place->directory.number(), place->name.c_str(),
                                           O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0));
    if (!opened.open()) return failed_call("A directory can't be opened", directory);
    std::vector<std::string> names;
    if (calls_.list(opened.number(), names) == -1) return failed_call("A directory can't be listed", directory);
    std::sort(names.begin(), names.end());
    return names;
}

Outcome Files::apply(std::span<const Change> changes) {
    std::vector<Step> steps;
    steps.reserve(changes.size());
    Outcome done;
    for (const auto& change : changes) {
        auto before = find(change.path);
        if (!before) {
            done = std::move(before).error();
            break;
        }
        if (*before == change.content) {
            if (done = remove_leftover(calls_, root_, change.path); !done) break;
            continue;
        }
        steps.emplace_back(calls_, root_, change);
        if (done = steps.back().stage(std::move(*before)); !done) break;
    }
    if (done) {
        for (auto& step : steps) {
            if (done = step.commit(); !done) break;
        }
    }
    if (done) return done;
    auto error = std::move(done).error();
    for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
        if (const auto undone = step->undo(); !undone) {
            error.what += " What was done before could not be taken back: " + undone.error().what;
        }
    }
    return error;
}

Outcome Files::replace(std::string_view path, std::string_view content) {
    const Change change{std::string(path), std::string(content)};
    return apply({&change, 1});
}

Outcome Files::remove(std::string_view path) {
    const Change change{std::string(path), std::nullopt};
    return apply({&change, 1});
}

Result<std::size_t> Files::missing_directories(std::string_view path) const {
    auto place = find_place(calls_, root_, path);
    if (!place) return std::move(place).error();
    return place->missing.size();
}

}  // namespace steward::platform
