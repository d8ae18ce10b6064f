#include "agent/session/session.h"

#include <utility>

#include "agent/session/conversation.h"

namespace steward::session {

struct Session::Impl : Conversation {
    using Conversation::Conversation;
};

Session::Session(Settings settings, tree::Executor& tree, NonceStore& nonces)
    : impl_(std::make_unique<Impl>(std::move(settings), tree, nonces)) {}

Session::~Session() = default;

Step Session::open() {
    return impl_->open();
}

Step Session::receive(const Incoming& answer) {
    return impl_->receive(answer);
}

Session::Counters Session::counters() const {
    return impl_->counters;
}

const std::vector<int>& Session::alert_answers() const {
    return impl_->alert_answers;
}

std::string_view name_of(End end) {
    switch (end) {
        case End::none:
            return "none";
        case End::finished:
            return "finished";
        case End::aborted_by_server:
            return "aborted-by-server";
        case End::aborted_by_us:
            return "aborted-by-us";
        case End::not_authenticated:
            return "not-authenticated";
        case End::server_not_authenticated:
            return "server-not-authenticated";
        case End::left:
            return "left";
        case End::failed:
            return "failed";
    }
    return "none";
}

}  // namespace steward::session
