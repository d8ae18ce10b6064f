// Answers that wait for a message of ours, and how they are packed into messages that the server can take. Source:
// OMA DM Protocol 1.2 sections 6 and 7, protocol sheet 1.8 and 3.3.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <string>

#include "agent/session/replies.h"
#include "agent/syncml/encoding.h"
#include "agent/syncml/write.h"

namespace steward::session {

// A message of ours in the making.
struct Draft {
    syncml::Writer& writer;
    syncml::Encoding encoding;
    std::size_t limit;     // bytes of the finished message
    bool original_errors;  // SyncBody declares xmlns:msft
    unsigned next_cmd_id = 1;
    bool has_answers = false;  // anything besides the Status for the header
    bool has_results = false;

    std::string take_cmd_id() { return std::to_string(next_cmd_id++); }
};

class Outbox {
  public:
    void push(std::unique_ptr<Replies> replies);
    void push_alert(syncml::Command alert) { alerts_.push_back(std::move(alert)); }

    bool empty() const { return batches_.empty() && alerts_.empty(); }
    bool uploading() const { return offset_ > 0; }  // a piece of a large object is out, and more are to come
    void abandon_upload();                          // the server does not want the rest

    // Adds as much as fits: statuses, then results, then alerts. Never nothing, so that every message makes progress.
    void pack(Draft& draft);

  private:
    struct Batch {  // what is left of the answers to one server message
        std::unique_ptr<Replies> replies;
        std::size_t status = 0, result = 0, found = 0;
    };

    std::size_t size_estimate() const;
    static bool pack_statuses(Draft& draft, Batch& batch);
    bool pack_results(Draft& draft, Batch& batch, std::size_t empty_size);
    bool pack_item(Draft& draft, Batch& batch, std::size_t empty_size);
    bool pack_piece(Draft& draft, Batch& batch, std::size_t empty_size);
    static void pass(Batch& batch);
    static void close_results(Draft& draft);
    void drop_finished();

    std::deque<Batch> batches_;
    std::deque<syncml::Command> alerts_;
    std::size_t offset_ = 0;  // of the large object at the front: bytes already sent
};

}  // namespace steward::session
