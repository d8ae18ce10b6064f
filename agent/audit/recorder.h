// Writes down what a server does to the tree, on its way there.
#pragma once

#include <span>
#include <vector>

#include "agent/audit/log.h"
#include "agent/tree/operation.h"

namespace steward::audit {

class Recorder final : public tree::Executor {
  public:
    Recorder(tree::Executor& tree, Log& log) : tree_(tree), log_(log) {}

    std::vector<tree::Answer> run(const tree::Context& context, std::span<const tree::Operation> operations) override;
    std::vector<tree::Answer> run_atomic(const tree::Context& context,
                                         std::span<const tree::Operation> operations) override;

    const Outcome& failure() const { return failure_; }  // the first append that failed

  private:
    void note(const tree::Context& context, std::span<const tree::Operation> operations,
              std::span<const tree::Answer> answers);

    tree::Executor& tree_;
    Log& log_;
    Outcome failure_;
};

}  // namespace steward::audit
