#include "tests/syncml/documents.h"

#include <gtest/gtest.h>

namespace steward::syncml {

Message read_well(std::string_view xml) {
    auto message = read_xml(xml);
    if (message.ok()) return *std::move(message);
    ADD_FAILURE() << message.error().what;
    return {};
}

Item item_of(std::string_view item) {
    const Message message = read_well(with_item(item));
    if (message.commands.size() == 1 && message.commands[0].items.size() == 1) return message.commands[0].items[0];
    ADD_FAILURE() << "not one command with one item";
    return {};
}

std::string complaint(std::string_view xml, const Limits& limits) {
    const auto message = read_xml(xml, limits);
    if (!message.ok()) return message.error().what;
    ADD_FAILURE() << "was read without a complaint: " << xml.substr(0, 200);
    return {};
}

}  // namespace steward::syncml
