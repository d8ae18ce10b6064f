#include "agent/control/server.h"

#include <utility>

namespace steward::control {

void Answer::send(const Line& line) {
    const std::lock_guard lock(mutex_);
    if (!gone_) gone_ = !connection_.write(encode(line)).ok();
}

Server::Server(std::unique_ptr<platform::Endpoint> endpoint, Handler handler)
    : endpoint_(std::move(endpoint)), handler_(std::move(handler)), thread_([this] { admit(); }) {}

Server::~Server() {
    endpoint_->close();
    thread_.join();
    for (auto& visit : visits_) {
        visit.connection->shut();
        visit.thread.join();
    }
}

void Server::admit() {
    for (;;) {
        auto connection = endpoint_->accept();
        if (!connection) return;
        tidy();
        if (visits_.size() >= most_visitors) {
            (void)(*connection)
                ->write(encode(Line{Line::Kind::err, "The service has too many visitors; try again.", 0}));
            continue;
        }
        auto& visit = visits_.emplace_back();
        visit.connection = std::move(*connection);
        visit.thread = std::thread([this, &visit] { serve(visit); });
    }
}

void Server::tidy() {
    for (auto visit = visits_.begin(); visit != visits_.end();) {
        if (visit->over) {
            visit->thread.join();
            visit = visits_.erase(visit);
        } else {
            ++visit;
        }
    }
}

void Server::serve(Visit& visit) {
    RequestReader reader;
    Answer answer(*visit.connection);
    for (;;) {
        auto bytes = visit.connection->read(longest_line);
        if (!bytes || bytes->empty()) break;
        auto words = reader.feed(*bytes);
        if (!words) {
            answer.err(words.error().what);
            answer.send({Line::Kind::exit, {}, 2});
            break;
        }
        if (!*words) continue;
        const int code = handler_(**words, visit.connection->visitor(), answer);
        answer.send({Line::Kind::exit, {}, code});
        break;
    }
    visit.connection->shut();
    visit.over = true;
}

}  // namespace steward::control
