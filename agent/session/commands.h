// Server commands become operations on the tree, and what the tree says becomes statuses and results. Consecutive
// operations outside Atomic reach the tree in one call, so that it can write them together. Source: protocol sheet 2.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "agent/session/alerts.h"
#include "agent/session/chunks.h"
#include "agent/session/replies.h"
#include "agent/syncml/encoding.h"
#include "agent/tree/operation.h"

namespace steward::session {

// What the server can take.
struct PeerLimits {
    std::size_t object = 0;        // MaxObjSize: bytes of one value; 0: any
    std::size_t message_room = 0;  // bytes that an empty message of ours leaves for the statuses of an Atomic
    bool original_errors = false;  // they will carry msft:originalerror
};

// What a command asks of the tree; nullopt: nothing, as Alert, Atomic or Status.
std::optional<tree::Verb> verb_of(syncml::Name name);

// Upper bound of the bytes that a Status takes in a message.
std::size_t status_bound(const StatusLine& line, const std::string& msg_ref, syncml::Encoding encoding,
                         bool original_errors);

class Commands {
  public:
    Commands(const tree::Context& context, tree::Executor& tree, const UserPrompt& prompt, Assembly& assembly)
        : context_(context), tree_(tree), prompt_(prompt), assembly_(assembly) {}

    // Executes the commands of replies.message and adds what they are answered with.
    void run(Replies& replies, const PeerLimits& peer, syncml::Encoding encoding);

    // Executes nothing; every command gets this status.
    static void refuse(Replies& replies, Status why);

    std::vector<std::string> take_interrupted();             // targets of objects that were broken off (1225)
    bool upload_refused() const { return upload_refused_; }  // the server sent 1225
    bool leaving() const { return leaving_; }                // the server ended the enrolment

  private:
    enum class Next : std::uint8_t { go_on, skip_rest };  // skip_rest: a person said no

    Next visit(syncml::Command& command, bool silent);
    void items(syncml::Command& command, bool silent);
    void sequence(syncml::Command& command, bool silent);
    Next alert(const syncml::Command& command, bool silent);
    Status ask(const syncml::Command& command, StatusLine& line);
    void flush();
    void interrupt() {  // the large object under way, if any, was broken off
        if (assembly_.open()) interrupted_.push_back(assembly_.interrupt());
    }

    // Atomic, in transaction.cpp.
    struct Transaction;
    void atomic(syncml::Command& command, bool silent);
    void gather(Transaction& transaction, syncml::Command& child, bool silent);
    void gather_items(Transaction& transaction, syncml::Command& child, bool silent);
    bool too_large(const Transaction& transaction) const;
    bool agreed(Transaction& transaction);
    void execute(Transaction& transaction);

    struct Slot {  // where the answer to an operation goes
        std::size_t line;
        syncml::Command* command;
        syncml::Item* item;
    };
    static void fill(const Slot& slot, tree::Operation& operation);  // settle() gives the URI back
    StatusLine& add_line(const syncml::Command& command, bool silent, const std::string* target = nullptr);
    static void add_lines(Replies& replies, const syncml::Command& command, bool silent, Status code);
    std::size_t last_line() const { return replies_->statuses.size() - 1; }
    void fail(StatusLine& line, Fault fault);
    void settle(const Slot& slot, tree::Operation& operation, tree::Answer& answer);
    void merge_lines();

    const tree::Context& context_;
    tree::Executor& tree_;
    const UserPrompt& prompt_;
    Assembly& assembly_;
    Replies* replies_ = nullptr;
    PeerLimits peer_;
    syncml::Encoding encoding_ = syncml::Encoding::xml;
    std::vector<Slot> slots_;
    std::vector<tree::Operation> operations_;
    std::vector<std::string> interrupted_;
    int nesting_ = 0;  // Sequences around the command
    bool upload_refused_ = false;
    bool leaving_ = false;
};

}  // namespace steward::session
