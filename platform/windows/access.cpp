#include "platform/windows/access.h"

#include <sddl.h>

#include <vector>

#include "platform/windows/handle.h"

namespace steward::platform {
namespace {

constexpr const wchar_t* system_sid = L"S-1-5-18";
constexpr const wchar_t* administrators_sid = L"S-1-5-32-544";

}  // namespace

std::wstring user_of(HANDLE token) {
    DWORD size = 0;
    ::GetTokenInformation(token, TokenUser, nullptr, 0, &size);
    std::vector<unsigned char> buffer(size);
    if (size == 0 || !::GetTokenInformation(token, TokenUser, buffer.data(), size, &size)) return {};
    const auto* user = reinterpret_cast<const TOKEN_USER*>(buffer.data());
    LPWSTR text = nullptr;
    if (!::ConvertSidToStringSidW(user->User.Sid, &text)) return {};
    std::wstring sid(text);
    ::LocalFree(text);
    return sid;
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

Descriptor::~Descriptor() {
    if (attributes_.lpSecurityDescriptor != nullptr) ::LocalFree(attributes_.lpSecurityDescriptor);
}

}  // namespace steward::platform
