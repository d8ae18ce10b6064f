#include "platform/windows/access.h"

#include <sddl.h>

#include <vector>

#include "platform/windows/handle.h"

namespace steward::platform {
namespace {

constexpr const wchar_t* system_sid = L"S-1-5-18";
constexpr const wchar_t* administrators_sid = L"S-1-5-32-544";
constexpr const wchar_t* creator_sid = L"S-1-3-0";
constexpr const wchar_t* owner_sid = L"S-1-3-4";

std::wstring text_of(PSID sid) {
    LPWSTR text = nullptr;
    if (!::ConvertSidToStringSidW(sid, &text)) return {};
    std::wstring made(text);
    ::LocalFree(text);
    return made;
}

}  // namespace

std::wstring user_of(HANDLE token) {
    DWORD size = 0;
    ::GetTokenInformation(token, TokenUser, nullptr, 0, &size);
    std::vector<unsigned char> buffer(size);
    if (size == 0 || !::GetTokenInformation(token, TokenUser, buffer.data(), size, &size)) return {};
    const auto* user = reinterpret_cast<const TOKEN_USER*>(buffer.data());
    return text_of(user->User.Sid);
}

std::wstring own_user() {
    Handle token;
    if (!::OpenProcessToken(::GetCurrentProcess(), TOKEN_QUERY, token.place())) return {};
    return user_of(token.get());
}

bool is_administrator(HANDLE token) {
    PSID administrators = nullptr;
    if (!::ConvertStringSidToSidW(administrators_sid, &administrators)) return false;
    BOOL member = FALSE;
    const bool known = ::CheckTokenMembership(token, administrators, &member) != 0;
    ::LocalFree(administrators);
    return known && member != 0;
}

bool may_own_private(const std::wstring& owner) {
    return owner == system_sid || owner == administrators_sid || (!owner.empty() && owner == own_user());
}

bool open_to_others(ACL* rights) {
    if (rights == nullptr) return true;
    for (DWORD i = 0; i < rights->AceCount; ++i) {
        void* entry = nullptr;
        if (!::GetAce(rights, i, &entry)) return true;
        const auto* head = static_cast<const ACE_HEADER*>(entry);
        if (head->AceType == ACCESS_DENIED_ACE_TYPE) continue;
        // Other kinds of permission are made for directories of users and the like, and for nothing of ours.
        if (head->AceType != ACCESS_ALLOWED_ACE_TYPE) return true;
        const auto who = text_of(&static_cast<ACCESS_ALLOWED_ACE*>(entry)->SidStart);
        // The owner is judged by himself, and whoever makes something within is one of those.
        if (who != creator_sid && who != owner_sid && !may_own_private(who)) return true;
    }
    return false;
}

std::wstring private_access(bool inherited) {
    const std::wstring flags = inherited ? L"OICI" : L"";
    std::wstring sddl = L"D:P(A;" + flags + L";FA;;;SY)(A;" + flags + L";FA;;;BA)";
    const auto user = own_user();
    if (!is_administrator(nullptr) && !user.empty() && user != system_sid)
        sddl += L"(A;" + flags + L";FA;;;" + user + L")";
    return sddl;
}

Descriptor::Descriptor(const std::wstring& sddl) {
    attributes_.nLength = sizeof attributes_;
    if (!::ConvertStringSecurityDescriptorToSecurityDescriptorW(sddl.c_str(), SDDL_REVISION_1,
                                                                &attributes_.lpSecurityDescriptor, nullptr)) {
        attributes_.lpSecurityDescriptor = nullptr;
    }
}

ACL* Descriptor::rights() const {
    BOOL present = FALSE, defaulted = FALSE;
    ACL* found = nullptr;
    if (!valid() || !::GetSecurityDescriptorDacl(attributes_.lpSecurityDescriptor, &present, &found, &defaulted)) {
        return nullptr;
    }
    return present ? found : nullptr;
}

Descriptor::~Descriptor() {
    if (attributes_.lpSecurityDescriptor != nullptr) ::LocalFree(attributes_.lpSecurityDescriptor);
}

}  // namespace steward::platform
