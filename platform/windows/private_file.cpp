#include "platform/private_file.h"

#include <windows.h>

#include <aclapi.h>
#include <sddl.h>

#include <filesystem>
#include <vector>

#include "platform/base/path.h"
#include "platform/windows/access.h"
#include "platform/windows/failure.h"
#include "platform/windows/handle.h"
#include "platform/windows/wide.h"

namespace steward::platform {
namespace {

constexpr DWORD all_may_share = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;

class LockedFile final : public FileLock {
  public:
    explicit LockedFile(Handle file) : file_(std::move(file)) {
        LARGE_INTEGER size{};
        left_behind_ = ::GetFileSizeEx(file_.get(), &size) && size.QuadPart > 0;
        DWORD written = 0;
        (void)::WriteFile(file_.get(), "1", 1, &written, nullptr);
    }
    ~LockedFile() override {
        if (::SetFilePointer(file_.get(), 0, nullptr, FILE_BEGIN) == 0) (void)::SetEndOfFile(file_.get());
    }
    LockedFile(const LockedFile&) = delete;
    LockedFile& operator=(const LockedFile&) = delete;
    bool left_behind() const override { return left_behind_; }

  private:
    Handle file_;
    bool left_behind_ = false;
};

struct LocalFreer {
    void operator()(void* memory) const { ::LocalFree(memory); }
};

struct Rights {
    std::wstring owner;                            // empty: it can't be told
    bool open = true;                              // to others than those who may own it
    std::unique_ptr<void, LocalFreer> descriptor;  // as it is kept
};

Rights rights_of(const std::wstring& path) {
    PSID owner = nullptr;
    ACL* list = nullptr;
    PSECURITY_DESCRIPTOR descriptor = nullptr;
    std::wstring path_copy(path);
    Rights rights;
    if (::GetNamedSecurityInfoW(path_copy.data(), SE_FILE_OBJECT,
                                OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION, &owner, nullptr, &list, nullptr,
                                &descriptor) != ERROR_SUCCESS) {
        return rights;
    }
    rights.descriptor.reset(descriptor);
    LPWSTR text = nullptr;
    if (::ConvertSidToStringSidW(owner, &text)) {
        rights.owner = text;
        ::LocalFree(text);
    }
    rights.open = open_to_others(list);
    return rights;
}

bool set_rights(const std::wstring& path, void* descriptor) {
    return ::SetFileSecurityW(path.c_str(), DACL_SECURITY_INFORMATION, descriptor) != FALSE;
}

// Faults of these are all "denied": whoever reads them has to choose another place or other rights.
Error unusable(const std::string& path, const std::string& why) {
    return {Fault::denied, "The directory " + path + " can't be used.", why};
}

bool is_directory(const std::wstring& path) {
    const DWORD attributes = ::GetFileAttributesW(path.c_str());
    return attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
}

// Who has put something into a directory that was open owns it still, whatever its rights become.
Outcome nothing_foreign_in(const std::string& path, const std::vector<std::filesystem::path>& content) {
    for (const auto& each : content) {
        const auto owner = rights_of(each.wstring()).owner;
        if (may_own_private(owner)) continue;
        return unusable(path, "others could write to it, and " + text_of(each) + " in it belongs to " +
                                  (owner.empty() ? "nobody known" : narrow(owner)));
    }
    return {};
}

Result<std::vector<std::filesystem::path>> content_of(const std::string& path) {
    std::error_code error;
    std::vector<std::filesystem::path> content;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path_of(path), error))
        content.push_back(entry.path());
    if (error) return unusable(path, error.message());
    return content;
}

// The directory first, so that nothing new comes into it; then what is in it has the time to be judged.
Outcome close_to_others(const std::string& path, const std::wstring& place, const Rights& before) {
    Descriptor directory(private_access(true)), file(private_access(false));
    if (!directory.valid() || !file.valid() || !set_rights(place, directory.attributes()->lpSecurityDescriptor)) {
        return unusable(path, "others may enter it: " + words_of(last_error()));
    }
    const auto content = content_of(path);
    auto fine = content ? nothing_foreign_in(path, *content) : Outcome(content.error());
    for (std::size_t i = 0; fine && i < content->size(); ++i) {
        const auto name = (*content)[i].wstring();
        auto& access = is_directory(name) ? directory : file;
        if (!set_rights(name, access.attributes()->lpSecurityDescriptor)) fine = unusable(path, words_of(last_error()));
    }
    // As it was found, so that the next start does not take it for one that was closed all along.
    if (!fine) (void)set_rights(place, before.descriptor.get());
    return fine;
}

// Who has just made a directory holds it for a moment, and so does a scanner for viruses: that passes.
Handle to_use(const std::wstring& place) {
    constexpr int tries = 100;
    constexpr DWORD milliseconds = 20;
    for (int n = 1;; ++n) {
        Handle directory(::CreateFileW(place.c_str(), FILE_LIST_DIRECTORY | FILE_ADD_FILE, all_may_share, nullptr,
                                       OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, nullptr));
        if (directory.open() || last_error() != ERROR_SHARING_VIOLATION || n == tries) return directory;
        ::Sleep(milliseconds);
    }
}

bool make_above(const std::wstring& path) {
    const auto cut = path.find_last_of(L'\\');
    if (cut == std::wstring::npos || cut < 3) return true;  // "C:\"
    const std::wstring above = path.substr(0, cut);
    if (is_directory(above)) return true;
    return make_above(above) && (::CreateDirectoryW(above.c_str(), nullptr) || is_directory(above));
}

}  // namespace

Outcome make_private_file(const std::string& path) {
    Descriptor access(private_access(false));
    if (!access.valid()) return failed_call("The rights of a private file can't be told.", path);
    const Handle file(::CreateFileW(wide_path(path).c_str(), GENERIC_READ | GENERIC_WRITE, all_may_share,
                                    access.attributes(), OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, nullptr));
    if (file.open()) return {};
    auto error = failed_call("The file " + path + " can't be made.", {});
    if (error.fault != Fault::full) error.fault = Fault::io;
    return error;
}

Outcome make_private_directory(const std::string& path) {
    const auto place = wide_path(path);
    if (!is_directory(place)) {
        Descriptor access(private_access(true));
        // Another Steward may have made it meanwhile: it is judged like any that was there.
        if (!access.valid() || !make_above(place) ||
            (!::CreateDirectoryW(place.c_str(), access.attributes()) && last_error() != ERROR_ALREADY_EXISTS)) {
            return unusable(path, words_of(last_error()));
        }
    }
    // Everybody may make a directory in ProgramData: one that somebody else has made beforehand is a trap.
    const auto rights = rights_of(place);
    if (!may_own_private(rights.owner)) return unusable(path, "it belongs to " + narrow(rights.owner));
    if (rights.open) {
        if (auto closed = close_to_others(path, place, rights); !closed) return closed;
    }
    if (!to_use(place).open()) return unusable(path, words_of(last_error()));
    return {};
}

Result<std::unique_ptr<FileLock>> lock_file(const std::string& path) {
    Descriptor access(private_access(false));
    Handle file(::CreateFileW(wide_path(path).c_str(), GENERIC_READ | GENERIC_WRITE, 0, access.attributes(),
                              OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, nullptr));
    if (file.open()) return std::unique_ptr<FileLock>(std::make_unique<LockedFile>(std::move(file)));
    if (last_error() == ERROR_SHARING_VIOLATION) return Error{Fault::busy, "Somebody else holds the lock.", path};
    auto error = failed_call("The lock " + path + " can't be opened.", {});
    error.fault = Fault::denied;
    return error;
}

}  // namespace steward::platform
