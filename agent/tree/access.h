// Who may do what. Access types come from the declaration; ownership and ACLs from desired state.
// Source: OMA DM TND 1.2 sections 7.7.1 (ACL) and 7 (AccessType); protocol sheet 5.8, 12.6.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/store/policies.h"
#include "agent/tree/mount.h"
#include "agent/tree/operation.h"
#include "platform/base/result.h"

namespace steward::tree {

const char* name_of(Verb verb);                                     // "Get", "Add" …
std::vector<std::string_view> access_words(csp::AccessSet access);  // the same, for each verb that is possible

class Access {
  public:
    explicit Access(const store::Policies& policies) : policies_(policies) {}

    // Fault refused (405) when the node's declaration lacks the verb, denied (425) when ownership or an ACL forbids it.
    Outcome check(const Context& context, Verb verb, const Place& place) const;

    // May this authority read or change the ACL of this node?
    Outcome check_acl(const Context& context, Verb verb, const Place& place) const;

    // Does this instance of an own() node belong to somebody else?
    bool foreign(const Context& context, const Place& place) const;

  private:
    Outcome by_acl(const Context& context, std::string_view command, std::string_view uri) const;
    const store::Policies& policies_;
};

// The key under which a node's property is a row of desired state. It begins with "?", so that all rows of one
// property stand together, behind those of the nodes ("./..."), and none stands below a node.
inline constexpr char property_mark = '?';
std::string property_key(std::string_view uri, std::string_view property);

// Is this text an ACL? "Add=*&Get=a+b"
bool valid_acl(std::string_view text);

}  // namespace steward::tree
