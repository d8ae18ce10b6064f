#include "platform/windows/account_calls.h"

#include <windows.h>

#include <lm.h>
#include <ntsecapi.h>

#include "platform/windows/failure.h"
#include "platform/windows/library.h"
#include "platform/windows/wide.h"

namespace steward::platform {
namespace {

constexpr unsigned long out_of_range = ERROR_INVALID_PARAMETER;

Error refused_by(std::string what, const char* call, unsigned long code) {
    auto error = failed_call(std::move(what), call, code);
    if (code == out_of_range) error.fault = Fault::invalid;
    return error;
}

// What a call of netapi32 gave us.
template <class T>
class Given {
  public:
    Given() = default;
    ~Given() {
        if (bytes_ != nullptr) ::NetApiBufferFree(bytes_);
    }
    Given(const Given&) = delete;
    Given& operator=(const Given&) = delete;
    LPBYTE* place() { return &bytes_; }
    const T* get() const { return reinterpret_cast<const T*>(bytes_); }

  private:
    LPBYTE bytes_ = nullptr;
};

// The account database itself, through samlib.dll: for what no Net… call tells. Its functions are those of MS-SAMR and
// have been the same since Windows NT; they are exported, but in no header.
struct ObjectAttributes {
    ULONG size = sizeof(ObjectAttributes);
    HANDLE root = nullptr;
    void* name = nullptr;
    ULONG attributes = 0;
    void* descriptor = nullptr;
    void* quality = nullptr;
};
struct DomainPasswordInformation {
    USHORT min_length, history;
    ULONG properties;
    LARGE_INTEGER max_age, min_age;
};
constexpr int domain_password_information = 1;
constexpr ACCESS_MASK connect_and_look_up = 0x1 | 0x20;              // SAM_SERVER_CONNECT, SAM_SERVER_LOOKUP_DOMAIN
constexpr ACCESS_MASK read_rules = 0x1, read_and_write_rules = 0x3;  // DOMAIN_READ_, DOMAIN_WRITE_PASSWORD_PARAMS

using Connect = NTSTATUS NTAPI(void* server, HANDLE* handle, ACCESS_MASK access, ObjectAttributes* attributes);
using OpenDomain = NTSTATUS NTAPI(HANDLE server, ACCESS_MASK access, PSID domain, HANDLE* handle);
using QueryDomain = NTSTATUS NTAPI(HANDLE domain, int kind, void** information);
using SetDomain = NTSTATUS NTAPI(HANDLE domain, int kind, void* information);
using FreeMemory = NTSTATUS NTAPI(void* memory);
using CloseSam = NTSTATUS NTAPI(HANDLE handle);

class AccountDatabase {
  public:
    AccountDatabase() = default;
    ~AccountDatabase() {
        if (domain_ != nullptr) close_(domain_);
        if (server_ != nullptr) close_(server_);
    }
    AccountDatabase(const AccountDatabase&) = delete;
    AccountDatabase& operator=(const AccountDatabase&) = delete;

    Outcome open(ACCESS_MASK access) {
        const wchar_t* const library = L"samlib.dll";
        connect_ = library_function<Connect>(library, "SamConnect");
        open_ = library_function<OpenDomain>(library, "SamOpenDomain");
        query_ = library_function<QueryDomain>(library, "SamQueryInformationDomain");
        set_ = library_function<SetDomain>(library, "SamSetInformationDomain");
        free_ = library_function<FreeMemory>(library, "SamFreeMemory");
        close_ = library_function<CloseSam>(library, "SamCloseHandle");
        if (!connect_ || !open_ || !query_ || !set_ || !free_ || !close_) {
            return Error{Fault::unsupported, "This Windows does not tell what its passwords are made of.",
                         "samlib.dll"};
        }
        ObjectAttributes attributes;
        if (auto status = connect_(nullptr, &server_, connect_and_look_up, &attributes); status != 0) {
            return failure(status, "SamConnect");
        }
        LSA_OBJECT_ATTRIBUTES policy_attributes{};
        LSA_HANDLE policy = nullptr;
        auto status = ::LsaOpenPolicy(nullptr, &policy_attributes, POLICY_VIEW_LOCAL_INFORMATION, &policy);
        if (status != 0) return failure(status, "LsaOpenPolicy");
        void* information = nullptr;
        status = ::LsaQueryInformationPolicy(policy, PolicyAccountDomainInformation, &information);
        ::LsaClose(policy);
        if (status != 0) return failure(status, "LsaQueryInformationPolicy");
        status = open_(server_, access, static_cast<POLICY_ACCOUNT_DOMAIN_INFO*>(information)->DomainSid, &domain_);
        ::LsaFreeMemory(information);
        return status == 0 ? Outcome() : failure(status, "SamOpenDomain");
    }

    Result<DomainPasswordInformation> read() {
        void* information = nullptr;
        if (auto status = query_(domain_, domain_password_information, &information); status != 0) {
            return failure(status, "SamQueryInformationDomain");
        }
        const auto copy = *static_cast<DomainPasswordInformation*>(information);
        free_(information);
        return copy;
    }

    Outcome write(DomainPasswordInformation information) {
        const auto status = set_(domain_, domain_password_information, &information);
        return status == 0 ? Outcome() : failure(status, "SamSetInformationDomain");
    }

  private:
    static Error failure(NTSTATUS status, const char* call) {
        return failed_call("The password rules can't be reached in the account database.", call,
                           ::LsaNtStatusToWinError(status));
    }

    Connect* connect_ = nullptr;
    OpenDomain* open_ = nullptr;
    QueryDomain* query_ = nullptr;
    SetDomain* set_ = nullptr;
    FreeMemory* free_ = nullptr;
    CloseSam* close_ = nullptr;
    HANDLE server_ = nullptr, domain_ = nullptr;
};

class WindowsAccountCalls final : public AccountCalls {
  public:
    Result<PasswordModals> passwords() override {
        Given<USER_MODALS_INFO_0> given;
        if (const auto code = ::NetUserModalsGet(nullptr, 0, given.place()); code != NERR_Success) {
            return failed_call("The password rules of local accounts can't be read.", "NetUserModalsGet", code);
        }
        const auto& info = *given.get();
        return PasswordModals{info.usrmod0_min_passwd_len, info.usrmod0_max_passwd_age, info.usrmod0_min_passwd_age,
                              info.usrmod0_force_logoff, info.usrmod0_password_hist_len};
    }

    Outcome set_passwords(const PasswordModals& modals) override {
        USER_MODALS_INFO_0 info{};
        info.usrmod0_min_passwd_len = modals.min_length;
        info.usrmod0_max_passwd_age = modals.max_age;
        info.usrmod0_min_passwd_age = modals.min_age;
        info.usrmod0_force_logoff = modals.force_logoff;
        info.usrmod0_password_hist_len = modals.history;
        const auto code = ::NetUserModalsSet(nullptr, 0, reinterpret_cast<LPBYTE>(&info), nullptr);
        if (code == NERR_Success) return {};
        return refused_by("The password rules of local accounts can't be set.", "NetUserModalsSet", code);
    }

    Result<LockoutModals> lockout() override {
        Given<USER_MODALS_INFO_3> given;
        if (const auto code = ::NetUserModalsGet(nullptr, 3, given.place()); code != NERR_Success) {
            return failed_call("The lockout of local accounts can't be read.", "NetUserModalsGet", code);
        }
        const auto& info = *given.get();
        return LockoutModals{info.usrmod3_lockout_duration, info.usrmod3_lockout_observation_window,
                             info.usrmod3_lockout_threshold};
    }

    Outcome set_lockout(const LockoutModals& modals) override {
        USER_MODALS_INFO_3 info{};
        info.usrmod3_lockout_duration = modals.duration;
        info.usrmod3_lockout_observation_window = modals.window;
        info.usrmod3_lockout_threshold = modals.threshold;
        const auto code = ::NetUserModalsSet(nullptr, 3, reinterpret_cast<LPBYTE>(&info), nullptr);
        if (code == NERR_Success) return {};
        return refused_by("The lockout of local accounts can't be set.", "NetUserModalsSet", code);
    }

    Result<std::uint32_t> properties() override {
        AccountDatabase database;
        if (auto opened = database.open(read_rules); !opened) return std::move(opened).error();
        auto information = database.read();
        if (!information) return std::move(information).error();
        return static_cast<std::uint32_t>(information->properties);
    }

    Outcome set_properties(std::uint32_t properties) override {
        AccountDatabase database;
        if (auto opened = database.open(read_and_write_rules); !opened) return opened;
        auto information = database.read();
        if (!information) return std::move(information).error();
        information->properties = properties;
        return database.write(*information);
    }

    Result<std::vector<std::string>> exempt() override {
        std::vector<std::string> names;
        DWORD resume = 0;
        for (;;) {
            Given<USER_INFO_1> given;
            DWORD count = 0, total = 0;
            const auto code = ::NetUserEnum(nullptr, 1, FILTER_NORMAL_ACCOUNT, given.place(), MAX_PREFERRED_LENGTH,
                                            &count, &total, &resume);
            if (code != NERR_Success && code != ERROR_MORE_DATA) {
                return failed_call("The local accounts can't be listed.", "NetUserEnum", code);
            }
            for (DWORD i = 0; i < count; ++i) {
                const auto& user = given.get()[i];
                const bool enabled = (user.usri1_flags & UF_ACCOUNTDISABLE) == 0;
                if (enabled && (user.usri1_flags & UF_PASSWD_NOTREQD) != 0) names.push_back(narrow(user.usri1_name));
            }
            if (code == NERR_Success) return names;
        }
    }
};

}  // namespace

AccountCalls& account_calls() {
    static WindowsAccountCalls calls;
    return calls;
}

}  // namespace steward::platform
