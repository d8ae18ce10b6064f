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

}  // namespace steward::session
