#include "tests/server/queue.h"

#include <algorithm>

#include "agent/syncml/read.h"
#include "agent/syncml/write.h"
#include "tests/support/transcript.h"

namespace steward::server {
namespace {

using syncml::Command;
using syncml::Name;

constexpr std::size_t most_orders = 10'000;
constexpr std::size_t most_tries = 3;

std::string described(const Command& command) {
    std::string what = syncml::name_of(command.name);
    for (const auto& item : command.items) {
        if (!item.target.empty()) what += ' ' + item.target;
    }
    return what;
}

Result<std::vector<Command>> commands_in(std::string_view xml) {
    if (auto whole = syncml::read_xml(xml)) return std::move(whole->commands);
    return transcript::read_commands(xml);
}

}  // namespace

std::string_view name_of(Order::State state) {
    switch (state) {
        case Order::State::waiting:
            return "waiting";
        case Order::State::sent:
            return "sent";
        case Order::State::done:
            return "done";
        default:
            return "unanswered";
    }
}

std::string bare_xml(const std::vector<Command>& commands) {
    syncml::Message message;
    message.commands = commands;
    const auto xml = syncml::write_xml(message);
    const auto begin = xml.find("<SyncBody>") + std::string_view("<SyncBody>").size();
    return xml.substr(begin, xml.rfind("</SyncBody>") - begin);
}

void Queue::number(std::vector<Command>& commands, std::size_t depth, Order& order) {
    for (auto& command : commands) {
        command.cmd_id = std::to_string(++last_id_);
        places_[command.cmd_id] = {orders_.size(), order.replies.size()};
        order.replies.push_back({command.cmd_id, described(command), depth, {}, {}});
        number(command.children, depth + 1, order);  // the reader limits the depth
    }
}

Result<std::size_t> Queue::add(const std::string& device, std::string_view xml) {
    auto commands = commands_in(xml);
    if (!commands) return commands.error();
    std::erase_if(*commands, [](const Command& each) {
        return each.name == Name::status || each.name == Name::results || each.name == Name::unknown;
    });
    if (commands->empty()) return Error{Fault::incomplete, "There is no SyncML command to send.", {}};
    const std::lock_guard lock(mutex_);
    if (orders_.size() >= most_orders) {
        return Error{Fault::full, "The queue holds " + std::to_string(most_orders) + " orders already.", {}};
    }
    Order order;
    order.number = orders_.size() + 1;
    order.device = device;
    order.added = clock_.now();
    order.commands = std::move(*commands);
    number(order.commands, 0, order);
    orders_.push_back(std::move(order));
    return orders_.size();
}

std::vector<Order> Queue::list(const std::optional<std::string>& device) const {
    const std::lock_guard lock(mutex_);
    std::vector<Order> found;
    for (const auto& order : orders_) {
        if (!device || order.device == *device) found.push_back(order);
    }
    return found;
}

std::optional<Order> Queue::find(std::size_t number) const {
    const std::lock_guard lock(mutex_);
    if (number == 0 || number > orders_.size()) return std::nullopt;
    return orders_[number - 1];
}

std::vector<Order> Queue::take(const std::string& device) {
    const std::lock_guard lock(mutex_);
    std::vector<Order> taken;
    for (auto& order : orders_) {
        if (order.device != device || order.state != Order::State::waiting) continue;
        order.state = Order::State::sent;
        order.sent = clock_.now();
        taken.push_back(order);
    }
    return taken;
}

void Queue::session_accepted(const std::string& device) {
    const std::lock_guard lock(mutex_);
    for (auto& order : orders_) {
        if (order.device == device && order.state == Order::State::sent) ++order.tries;
    }
}

OrderReply* Queue::reply_of(const std::string& device, const std::string& cmd_ref) {
    const auto found = places_.find(cmd_ref);
    if (found == places_.end()) return nullptr;
    auto& order = orders_[found->second.first];
    if (order.device != device || order.state != Order::State::sent) return nullptr;
    return &order.replies[found->second.second];
}

void Queue::heard(const std::string& device, const std::vector<Command>& commands) {
    const std::lock_guard lock(mutex_);
    for (const auto& command : commands) {
        if (command.name != Name::status && command.name != Name::results) continue;
        auto* reply = reply_of(device, command.get().cmd_ref);
        if (reply == nullptr) continue;
        if (command.name == Name::status) {
            const auto& refs = command.get().target_refs;
            reply->statuses.push_back({command.data, refs.empty() ? "" : refs.front()});
            continue;
        }
        for (const auto& item : command.items) {
            auto& results = reply->results;
            if (results.empty() || !results.back().more) results.push_back({item.source, {}, false});
            results.back().data += item.data.value_or("");
            results.back().more = item.more_data;
        }
    }
}

void Queue::session_over(const std::string& device) {
    const std::lock_guard lock(mutex_);
    for (auto& order : orders_) {
        if (order.device != device || order.state != Order::State::sent) continue;
        const bool answered = std::any_of(order.replies.begin(), order.replies.end(),
                                          [](const OrderReply& each) { return !each.statuses.empty(); });
        if (answered) {
            order.state = Order::State::done;
            order.done = clock_.now();
        } else {
            order.state = order.tries < most_tries ? Order::State::waiting : Order::State::unanswered;
        }
    }
}

}  // namespace steward::server
