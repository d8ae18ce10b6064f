// Who may do what: the security descriptors of what is Steward's own, and who a token speaks for.
#pragma once

#include <windows.h>

#include <string>

namespace steward::platform {

// In SDDL: the system and administrators alone, and whoever runs this where that is none of them. inherited: by all
// that will be below.
std::wstring private_access(bool inherited);

std::wstring user_of(HANDLE token);               // a SID as text; empty: it can't be told
std::wstring own_user();                          // of this process
bool is_administrator(HANDLE token);              // takes an impersonation token; nullptr: the caller's own
bool may_own_private(const std::wstring& owner);  // a SID: the system, the administrators, or who runs this

// Whether a list of rights lets in anybody whom may_own_private() does not name. nullptr: it lets in everybody.
bool open_to_others(ACL* rights);

// A descriptor for calls that make something.
class Descriptor {
  public:
    explicit Descriptor(const std::wstring& sddl);
    ~Descriptor();
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    bool valid() const { return attributes_.lpSecurityDescriptor != nullptr; }
    SECURITY_ATTRIBUTES* attributes() { return &attributes_; }
    ACL* rights() const;  // within this; nullptr: none are said

  private:
    SECURITY_ATTRIBUTES attributes_{};
};

}  // namespace steward::platform
