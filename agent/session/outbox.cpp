#include "agent/session/outbox.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "agent/session/chunks.h"
#include "agent/session/commands.h"

namespace steward::session {

using syncml::Command;

namespace {

constexpr std::size_t any_size = static_cast<std::size_t>(-1);

void open_results(Draft& draft, const std::string& msg_ref, const Command& get) {
    syncml::Reply results;
    const syncml::Decimal cmd_id(draft.next_cmd_id);
    results.cmd_id = cmd_id;
    results.msg_ref = msg_ref;
    results.cmd_ref = get.cmd_id;
    results.cmd = "Get";
    draft.writer.open_results(results);
}

syncml::ReplyItem item_of(const ResultsLine& line, const tree::Found& found) {
    syncml::ReplyItem item;
    item.source = found.uri.empty() ? *line.target : found.uri;
    item.format = csp::name_of(found.format);
    item.type = found.type;
    if (found.data) item.data = *found.data;
    return item;
}

}  // namespace

void Outbox::push(std::unique_ptr<Replies> replies) {
    batches_.push_back({std::move(replies), 0, 0, 0});
    drop_finished();
}

void Outbox::abandon_upload() {
    if (!uploading()) return;
    offset_ = 0;
    for (Batch& batch : batches_) {
        if (batch.result >= batch.replies->results.size()) continue;
        pass(batch);
        break;
    }
    drop_finished();
}

void Outbox::pack(Draft& draft) {
    const std::size_t empty_size = draft.writer.size();
    draft.writer.expect(std::min(size_estimate(), draft.limit));
    bool room = true;
    for (auto batch = batches_.begin(); room && batch != batches_.end(); ++batch) room = pack_statuses(draft, *batch);
    for (auto batch = batches_.begin(); room && batch != batches_.end(); ++batch) {
        room = pack_results(draft, *batch, empty_size);
    }
    while (room && !alerts_.empty()) {
        Command& alert = alerts_.front();
        alert.cmd_id = draft.take_cmd_id();
        if (!draft.writer.add_within(alert, draft.limit)) {
            if (draft.has_answers) break;
            draft.writer.add(alert);
        }
        draft.has_answers = true;
        alerts_.pop_front();
    }
    drop_finished();
}

// Of all that waits, without data: about what a Status and an Item of Results take.
std::size_t Outbox::size_estimate() const {
    constexpr std::size_t status = 192, item = 384;
    std::size_t size = 0;
    for (const Batch& batch : batches_) {
        size += (batch.replies->statuses.size() - batch.status) * status;
        size += (batch.replies->results.size() - batch.result) * item;
    }
    return size;
}

// The statuses of an Atomic stay together. What does not fit even alone is sent all the same: nothing smaller exists.
bool Outbox::pack_statuses(Draft& draft, Batch& batch) {
    const auto& lines = batch.replies->statuses;
    const std::string& msg_ref = batch.replies->message.header.msg_id;
    std::size_t group_end = 0;
    for (; batch.status < lines.size(); ++batch.status) {
        const StatusLine& line = lines[batch.status];
        if (line.together > 1) {
            group_end = batch.status + line.together;
            std::size_t size = draft.writer.size();
            for (std::size_t i = batch.status; i < group_end; ++i) {
                if (!lines[i].silent) size += status_bound(lines[i], msg_ref, draft.encoding, draft.original_errors);
            }
            if (size > draft.limit && draft.has_answers) return false;
        }
        if (line.silent) continue;
        const syncml::Decimal cmd_id(draft.next_cmd_id), code(static_cast<unsigned>(line.code));
        syncml::Reply status{cmd_id, msg_ref, line.command->cmd_id, line.cmd(), line.target, code, {}, line.texts};
        if (draft.original_errors && line.fault) status.original_error = original_error_of(*line.fault);
        if (!draft.writer.add_status_within(status, draft.limit)) {
            if (draft.has_answers && batch.status >= group_end) return false;
            draft.writer.add_status_within(status, any_size);
        }
        ++draft.next_cmd_id;
        draft.has_answers = true;
    }
    return true;
}

bool Outbox::pack_results(Draft& draft, Batch& batch, std::size_t empty_size) {
    const auto& results = batch.replies->results;
    while (batch.result < results.size()) {
        if (!pack_item(draft, batch, empty_size)) return false;
    }
    return true;
}

// On to what was found next; this one is done with.
void Outbox::pass(Batch& batch) {
    auto& found = *batch.replies->results[batch.result].found;
    found[batch.found++].data.reset();
    if (batch.found < found.size()) return;
    batch.found = 0;
    ++batch.result;
}

void Outbox::close_results(Draft& draft) {
    draft.writer.close_results();
    ++draft.next_cmd_id;
    draft.has_answers = draft.has_results = true;
}

// Adds one Results with as many Items of the same Get as fit, or a piece of one Item.
bool Outbox::pack_item(Draft& draft, Batch& batch, std::size_t empty_size) {
    if (uploading()) return pack_piece(draft, batch, empty_size);
    syncml::Writer& writer = draft.writer;
    const auto& results = batch.replies->results;
    const ResultsLine& line = results[batch.result];
    const auto before = writer.mark();
    const std::size_t size_before = writer.size(), first = batch.result, first_found = batch.found;
    open_results(draft, batch.replies->message.header.msg_id, *line.command);
    while (batch.result < results.size() && results[batch.result].command == line.command) {
        const ResultsLine& next = results[batch.result];
        if (!writer.add_item_within(item_of(next, (*next.found)[batch.found]), draft.limit)) break;
        pass(batch);
    }
    if (batch.result != first || batch.found != first_found) {
        close_results(draft);
        return true;
    }
    // Not even one Item fits. It is measured without being written: it may be large.
    syncml::ReplyItem only = item_of(line, (*line.found)[batch.found]);
    const std::size_t data = only.data ? syncml::encoded_size(draft.encoding, *only.data) : 0;
    if (only.data) only.data = std::string_view();
    writer.add_item_within(only, any_size);
    if (!only.data && !draft.has_answers) {  // what has no data cannot be cut
        close_results(draft);
        pass(batch);
        return true;
    }
    constexpr std::size_t slack = 8;  // <Data/> may become <Data></Data>, a string an OPAQUE
    const std::size_t whole = writer.size() - size_before + data + slack;
    writer.back(before);
    // An object that fits into a message of its own is not cut.
    if (draft.has_answers && (empty_size + whole <= draft.limit || !only.data)) return false;
    return pack_piece(draft, batch, empty_size);
}

// Each piece is a Results of its own, the last command of its message; only the first states the Size.
bool Outbox::pack_piece(Draft& draft, Batch& batch, std::size_t empty_size) {
    syncml::Writer& writer = draft.writer;
    const ResultsLine& line = batch.replies->results[batch.result];
    const tree::Found& object = (*line.found)[batch.found];
    const std::string size = std::to_string(object.data->size());
    syncml::ReplyItem item = item_of(line, object);
    if (offset_ == 0) item.size = size;
    item.data = std::string_view();
    item.more_data = true;
    const auto before = writer.mark();
    const std::size_t size_before = writer.size();
    open_results(draft, batch.replies->message.header.msg_id, *line.command);
    const auto opened = writer.mark();
    writer.add_item_within(item, any_size);
    const std::size_t frame = writer.size() - size_before;
    const auto room_after = [&](std::size_t used) { return draft.limit > used ? draft.limit - used : 0; };
    const std::size_t room = room_after(writer.size());
    // A message that is more than half full of other things is sent first.
    if (draft.has_answers && room < room_after(empty_size + frame) / 2) {
        writer.back(before);
        return false;
    }
    writer.back(opened);
    const std::string_view rest = std::string_view(*object.data).substr(offset_);
    const std::size_t length = cut(draft.encoding, object.format, rest, room);
    item.data = rest.substr(0, length);
    item.more_data = length < rest.size();
    writer.add_item_within(item, any_size);
    close_results(draft);
    offset_ = item.more_data ? offset_ + length : 0;
    if (!item.more_data) pass(batch);
    return !item.more_data;
}

void Outbox::drop_finished() {
    const auto finished = [](const Batch& batch) {
        const auto& lines = batch.replies->statuses;
        const bool said = std::all_of(lines.begin() + static_cast<std::ptrdiff_t>(batch.status), lines.end(),
                                      [](const StatusLine& line) { return line.silent; });
        return said && batch.result == batch.replies->results.size();
    };
    std::erase_if(batches_, finished);
}

}  // namespace steward::session
