#include "agent/notify/channel.h"

#include <algorithm>

#include "agent/notify/event_stream.h"
#include "platform/base/digest.h"
#include "platform/base/pause.h"
#include "platform/base/text.h"

namespace steward::notify {
namespace {

// An answer that is no event stream, judged.
ChannelStatus status_of(const transport::Reply& head) {
    if (head.status == 404 || head.status == 410) return ChannelStatus::expired;
    if (head.status == 401 || head.status == 403) return ChannelStatus::refused;
    if (head.status != 200) return ChannelStatus::none;
    const auto type = std::string_view(head.content_type).substr(0, head.content_type.find(';'));
    return same_ignoring_case(trim(type), "text/event-stream") ? ChannelStatus::works : ChannelStatus::bad_name;
}

}  // namespace

Channel::Channel(Subscription subscription, Connect connect, Ears ears)
    : subscription_(std::move(subscription)),
      connect_(std::move(connect)),
      ears_(std::move(ears)),
      thread_([this](const std::stop_token& stop) { keep_open(stop); }) {}

Channel::~Channel() = default;

void Channel::say(ChannelStatus status) {
    if (status_.exchange(status) != status) ears_.changed(subscription_.account, status);
}

void Channel::keep_open(const std::stop_token& stop) {
    const auto stream = connect_(subscription_.trust, stop);
    std::string last_id;
    std::optional<std::chrono::milliseconds> wished;
    for (std::int64_t failures = 0;;) {
        transport::Request request;
        request.url = subscription_.url;
        request.headers = {{"Accept", "text/event-stream"}, {"Cache-Control", "no-cache"}};
        if (!subscription_.authorization.empty()) {
            request.headers.emplace_back("Authorization", subscription_.authorization);
        }
        if (!last_id.empty()) request.headers.emplace_back("Last-Event-ID", last_id);

        EventStream events([this](const StreamEvent&) { ears_.nudged(subscription_.account); });
        ChannelStatus after = ChannelStatus::none;
        std::optional<std::chrono::seconds> retry_after;
        transport::Listener listener;
        bool lived = false;
        listener.opened = [&](const transport::Reply& head) {
            after = status_of(head);
            retry_after = head.retry_after;
            if (after != ChannelStatus::works) return false;
            lived = true;
            // What was sent while we were away may be lost where the server keeps no history: better look once.
            if (status_ != ChannelStatus::unknown && last_id.empty()) ears_.nudged(subscription_.account);
            say(ChannelStatus::works);
            return true;
        };
        listener.data = [&](std::string_view bytes) { return events.feed(bytes); };
        const auto ended = stream->listen(request, listener);
        if (stop.stop_requested()) return;
        if (!events.last_id().empty()) last_id = events.last_id();
        if (events.retry()) wished = events.retry();
        if (lived && ended) {  // a stream that simply ends is begun again as a matter of course
            failures = 0;
        } else {
            ++failures;
            if (after == ChannelStatus::works) after = ChannelStatus::none;
            if (!ended && ended.error().fault == Fault::malformed) after = ChannelStatus::bad_name;
            if (!ended && ended.error().fault == Fault::denied) after = ChannelStatus::refused;
            say(after);
        }
        auto wait = std::clamp(wished.value_or(first_wait), std::chrono::milliseconds(100), longest_wait);
        for (std::int64_t i = 1; i < failures && wait < longest_wait; ++i) wait *= 2;
        wait = std::min(wait, longest_wait);
        wait = wait / 2 + std::chrono::milliseconds(
                              static_cast<std::int64_t>(random_share() * static_cast<double>(wait.count()) / 2));
        if (retry_after)
            wait = std::max(wait, std::chrono::milliseconds(std::min(*retry_after, std::chrono::seconds(86400))));
        if (!steward::pause(stop, wait)) return;
    }
}

void Channels::keep(const std::vector<Subscription>& wanted) {
    std::erase_if(channels_, [&](const auto& each) {
        return std::find(wanted.begin(), wanted.end(), each.second->subscription()) == wanted.end();
    });
    for (const auto& subscription : wanted) {
        auto& channel = channels_[subscription.account];
        if (!channel) channel = std::make_unique<Channel>(subscription, connect_, ears_);
    }
}

bool Channels::works(const std::string& account) const {
    const auto found = channels_.find(account);
    return found != channels_.end() && found->second->works();
}

}  // namespace steward::notify
