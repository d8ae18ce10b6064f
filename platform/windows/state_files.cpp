// A file is written beside its place, flushed to the disk and moved over it. Source: MoveFileEx, FlushFileBuffers.
#include "platform/windows/state_files.h"

#include <windows.h>

#include <algorithm>
#include <array>

#include "platform/base/text.h"
#include "platform/windows/access.h"
#include "platform/windows/failure.h"
#include "platform/windows/handle.h"
#include "platform/windows/wide.h"

namespace steward::platform {
namespace {

constexpr std::size_t limit = 1 << 20;
constexpr DWORD all_may_share = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;

bool missing(DWORD code) {
    return code == ERROR_FILE_NOT_FOUND || code == ERROR_PATH_NOT_FOUND;
}

// Below the directory and nowhere else: no way up, no drive and no stream of another file.
bool usable(std::string_view path) {
    if (!path.starts_with('/') || path.size() < 2) return false;
    for (const auto part : split(path.substr(1), '/')) {
        if (part.empty() || part == "." || part == ".." || part.find_first_of("\\:*?\"<>|") != std::string_view::npos)
            return false;
    }
    return true;
}

std::string native(std::string path) {
    std::replace(path.begin(), path.end(), '/', '\\');
    return path;
}

Error unusable(std::string_view path) {
    return {Fault::invalid, "This is no path of a state file.", std::string(path)};
}

Result<std::optional<std::string>> content_of(const std::string& path) {
    const Handle file(::CreateFileW(wide_path(path).c_str(), GENERIC_READ, all_may_share, nullptr, OPEN_EXISTING,
                                    FILE_ATTRIBUTE_NORMAL, nullptr));
    if (!file.open()) {
        if (missing(last_error())) return std::optional<std::string>();
        return failed_call("A file can't be opened.", path);
    }
    std::string content;
    std::array<char, 16384> buffer;
    for (;;) {
        DWORD got = 0;
        if (!::ReadFile(file.get(), buffer.data(), static_cast<DWORD>(buffer.size()), &got, nullptr))
            return failed_call("A file can't be read.", path);
        if (got == 0) return std::optional(std::move(content));
        content.append(buffer.data(), got);
        if (content.size() > limit)
            return Error{Fault::too_large, "The file is larger than " + std::to_string(limit) + " bytes.", path};
    }
}

std::string above(const std::string& path) {
    return path.substr(0, path.find_last_of('\\'));
}

std::string scratch_of(const std::string& path) {
    return above(path) + "\\." + path.substr(path.find_last_of('\\') + 1) + ".steward-new";
}

// One file of an apply(): what it was, what was done to it so far, and how to take that back.
class Step {
  public:
    Step(const StateFile& wanted, std::string path, std::string root, std::optional<std::string> before)
        : wanted_(wanted), path_(std::move(path)), root_(std::move(root)), before_(std::move(before)) {}

    Outcome stage() {
        if (!wanted_.content) return {};
        if (auto made = make_missing(above(path_)); !made) return made;
        return write_scratch(*wanted_.content);
    }

    Outcome commit() {
        if (wanted_.content) return move_scratch();
        if (!::DeleteFileW(wide_path(path_).c_str())) return failed_call("A file can't be removed.", path_);
        placed_ = true;
        prune();
        return {};
    }

    Outcome undo() {
        if (scratch_) (void)::DeleteFileW(wide_path(scratch_of(path_)).c_str());
        scratch_ = false;
        Outcome undone;
        if (placed_) undone = put_back();
        for (auto made = made_.rbegin(); made != made_.rend(); ++made) ::RemoveDirectoryW(wide_path(*made).c_str());
        return undone;
    }

  private:
    Outcome make_missing(const std::string& directory) {
        if (directory.size() <= root_.size()) return {};
        if (auto made = make_missing(above(directory)); !made) return made;
        if (::CreateDirectoryW(wide_path(directory).c_str(), nullptr)) {
            made_.push_back(directory);
        } else if (last_error() != ERROR_ALREADY_EXISTS) {
            return failed_call("A directory can't be made.", directory);
        }
        return {};
    }

    Outcome write_scratch(std::string_view content) {
        Descriptor access(private_access(false));
        const auto scratch = scratch_of(path_);
        const Handle file(::CreateFileW(wide_path(scratch).c_str(), GENERIC_WRITE, 0,
                                        wanted_.secret ? access.attributes() : nullptr, CREATE_ALWAYS,
                                        FILE_ATTRIBUTE_NORMAL, nullptr));
        if (!file.open()) return failed_call("A file can't be made.", scratch);
        scratch_ = true;
        while (!content.empty()) {
            DWORD done = 0;
            const auto part = static_cast<DWORD>(std::min<std::size_t>(content.size(), 1u << 20));
            if (!::WriteFile(file.get(), content.data(), part, &done, nullptr))
                return failed_call("A file can't be written.", scratch);
            content.remove_prefix(done);
        }
        if (!::FlushFileBuffers(file.get())) return failed_call("A file can't be written to disk.", scratch);
        return {};
    }

    Outcome move_scratch() {
        if (!::MoveFileExW(wide_path(scratch_of(path_)).c_str(), wide_path(path_).c_str(),
                           MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH)) {
            return failed_call("A file can't be replaced.", path_);
        }
        scratch_ = false;
        placed_ = true;
        return {};
    }

    Outcome put_back() {
        if (!before_) {
            if (!::DeleteFileW(wide_path(path_).c_str())) return failed_call("A new file can't be taken back.", path_);
            return {};
        }
        if (auto made = make_missing(above(path_)); !made) return made;
        made_.clear();  // they stay
        if (auto written = write_scratch(*before_); !written) return written;
        return move_scratch();
    }

    void prune() const {
        // A directory that isn't empty refuses to go.
        for (auto each = above(path_); each.size() > root_.size(); each = above(each)) {
            if (!::RemoveDirectoryW(wide_path(each).c_str())) return;
        }
    }

    const StateFile& wanted_;
    std::string path_, root_;
    std::optional<std::string> before_;
    std::vector<std::string> made_;  // directories, the outermost first
    bool scratch_ = false, placed_ = false;
};

}  // namespace

std::unique_ptr<StateFiles> state_files_in(const std::string& directory) {
    return std::make_unique<WindowsStateFiles>(directory);
}

// As it was asked for: whoever takes the directory off its front has the path below it again.
std::string WindowsStateFiles::full_path(std::string_view path) const {
    return directory_ + std::string(path);
}

Outcome WindowsStateFiles::apply(const std::vector<StateFile>& files) {
    const std::string root = native(directory_);
    std::vector<Step> steps;
    steps.reserve(files.size());
    Outcome done;
    for (const auto& file : files) {
        if (!usable(file.path)) {
            done = unusable(file.path);
            break;
        }
        const auto path = native(full_path(file.path));
        auto before = content_of(path);
        if (!before) {
            done = std::move(before).error();
            break;
        }
        if (*before == file.content) continue;
        steps.emplace_back(file, path, root, std::move(*before));
        if (done = steps.back().stage(); !done) break;
    }
    if (done) {
        for (auto& step : steps) {
            if (done = step.commit(); !done) break;
        }
    }
    if (done) return done;
    auto error = std::move(done).error();
    for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
        if (const auto undone = step->undo(); !undone)
            error.what += " What was done before could not be taken back: " + undone.error().what;
    }
    return error;
}

Result<std::optional<std::string>> WindowsStateFiles::find(std::string_view path) {
    if (!usable(path)) return unusable(path);
    return content_of(native(full_path(path)));
}

Result<std::vector<std::string>> WindowsStateFiles::list(std::string_view directory) {
    if (directory != "/" && !usable(directory)) return unusable(directory);
    const auto place = native(full_path(directory));
    std::vector<std::string> names;
    WIN32_FIND_DATAW found{};
    HANDLE search = ::FindFirstFileW(wide_path(place + "\\*").c_str(), &found);
    if (search == INVALID_HANDLE_VALUE) {
        if (missing(last_error())) return names;
        return failed_call("A directory can't be read.", place);
    }
    do {
        auto name = narrow(found.cFileName);
        if (name != "." && name != "..") names.push_back(std::move(name));
    } while (::FindNextFileW(search, &found));
    const DWORD ended = last_error();
    ::FindClose(search);
    if (ended != ERROR_NO_MORE_FILES) return failed_call("A directory can't be read.", place, ended);
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace steward::platform
