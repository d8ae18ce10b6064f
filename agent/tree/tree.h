// The management tree: declared by CSPs, filled by desired state, rendered on the device.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "agent/store/actions.h"
#include "agent/store/policies.h"
#include "agent/tree/access.h"
#include "agent/tree/change.h"
#include "agent/tree/converge.h"
#include "agent/tree/mount.h"
#include "agent/tree/operation.h"
#include "agent/tree/reader.h"

namespace steward::tree {

// Why a node is as it is.
struct Why {
    std::string uri;
    std::string about;
    csp::Format format = csp::Format::chr;
    std::string allowed;                   // in words
    std::string merge;                     // conflict rule; empty where it cannot matter
    std::optional<std::string> device;     // what the device says now
    std::optional<std::string> effective;  // what desired state comes to
    std::string unknown;                   // why `device` is empty
    struct Wish {
        std::string authority, session, value;
        std::int64_t time = 0;
        bool wins = false;
    };
    std::vector<Wish> wishes;
    std::optional<store::Original> original;
    std::vector<store::Event> history;
};

class Tree final : public Executor {
  public:
    // The stores live longer than the tree. Policies must be loaded already. What others own, by any
    // spelling of its URI, is refused, and left alone where rows of ours came before them.
    Tree(std::vector<csp::Csp> csps, store::Policies& policies, store::Actions& actions, const Owners& owners = {});

    std::vector<Answer> run(const Context& context, std::span<const Operation> operations) override;
    std::vector<Answer> run_atomic(const Context& context, std::span<const Operation> operations) override;

    // Brings the device to the last committed state: at start, and whenever drift is suspected.
    // A record or row of which a URI is in `contested` is left as it is.
    struct Sweep {
        std::vector<Difference> repaired;   // was different and is right again
        std::vector<Difference> contested;  // is different and was left alone
        std::vector<Error> failed;          // could not be made right
    };
    Sweep sweep(const std::set<std::string>& contested = {});

    // What sweep() would do, and what these operations would change on the device; nothing is written.
    Result<std::vector<Difference>> drift();
    struct Plan {
        std::vector<Answer> answers;  // of the validation: done or failed
        std::vector<Difference> differences;
    };
    Plan plan(const Context& context, std::span<const Operation> operations);

    // Takes away everything this authority wanted; settings return to what they were before it.
    // Rows at and below the canonical URIs in `keep` stay.
    Outcome release(const std::string& authority, std::span<const std::string> keep = {});
    // What could not be brought back when it was given back, since construction.
    const std::vector<Difference>& leftovers() const { return converge_.leftovers(); }

    Result<Why> why(const std::string& uri);

    const Mount& mount() const { return mount_; }
    const Owners& owners() const { return converge_.owners(); }  // by canonical URI

  private:
    Outcome settle(Units& dirty);
    std::vector<Answer> one_by_one(const Context& context, std::span<const Operation> operations,
                                   std::vector<Answer> answers);
    Answer exec(const Context& context, const Operation& operation);
    void undo(store::Policies::Mark mark, const Units& touched, std::vector<Error>& failures);

    Mount mount_;
    store::Policies& policies_;
    store::Actions& actions_;
    Access access_;
    Converge converge_;
    Reader reader_;
    Change change_;
};

}  // namespace steward::tree
