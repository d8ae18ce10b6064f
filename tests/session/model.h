// A management tree as simple as possible: what a session asks for can be seen, and every outcome can be had.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "agent/tree/operation.h"

namespace steward::session {

// Nodes are a map from URI to text. By the last segment of its URI a node behaves as follows:
//   secret    every operation: denied          fixed   Replace, Delete: refused
//   slow      Exec, Replace: pending           full    Add, Replace: full
class Model final : public tree::Executor {
  public:
    struct Node {
        std::string data;
        csp::Format format = csp::Format::chr;
        bool operator==(const Node&) const = default;
    };
    std::map<std::string, Node, std::less<>> nodes;
    bool undo_fails = false;                  // a failed Atomic leaves what it did
    std::vector<std::size_t> calls;           // how many operations each run() had
    std::vector<std::size_t> atomic_calls;    // … each run_atomic()
    std::vector<tree::Operation> operations;  // all of them; data left out if longer than 1,000 bytes
    tree::Context context;                    // of the last call

    std::vector<tree::Answer> run(const tree::Context& who, std::span<const tree::Operation> asked) override;
    std::vector<tree::Answer> run_atomic(const tree::Context& who, std::span<const tree::Operation> asked) override;

  private:
    tree::Answer apply(const tree::Operation& operation);
    tree::Answer get(const tree::Operation& operation) const;
    void remember(const tree::Context& who, std::span<const tree::Operation> asked);
};

}  // namespace steward::session
