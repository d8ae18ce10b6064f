#include <unistd.h>

#include <limits>

#include "platform/linux/bus.h"

namespace steward::platform {
namespace {

const BusValues none;

}  // namespace

BusDescriptor::~BusDescriptor() {
    if (file_ >= 0) ::close(file_);
}

BusValue BusValue::array(std::string_view element_type, BusValues elements) {
    return {"a" + std::string(element_type), std::move(elements)};
}

BusValue BusValue::texts(const std::vector<std::string>& elements) {
    BusValues values;
    values.reserve(elements.size());
    for (const auto& element : elements) values.push_back(text(element));
    return array("s", std::move(values));
}

BusValue BusValue::structure(BusValues members) {
    std::string type = "(";
    for (const auto& member : members) type += member.type();
    return {type + ")", std::move(members)};
}

BusValue BusValue::variant(BusValue value) {
    return {"v", BusValues{std::move(value)}};
}

BusValue BusValue::dictionary(std::string_view value_type, Entries entries) {
    const std::string entry_type = "{s" + std::string(value_type) + "}";
    BusValues made;
    made.reserve(entries.size());
    for (auto& [key, value] : entries) made.emplace_back(entry_type, BusValues{text(key), std::move(value)});
    return array(entry_type, std::move(made));
}

BusValue BusValue::variants(Entries entries) {
    for (auto& [key, value] : entries) value = variant(std::move(value));
    return dictionary("v", std::move(entries));
}

const BusValue& BusValue::inside() const {
    const BusValue* at = this;
    while (at->type_ == "v") {
        const auto* held = std::get_if<BusValues>(&at->held_);
        if (held == nullptr || held->size() != 1) break;
        at = &held->front();
    }
    return *at;
}

std::optional<std::string> BusValue::as_text() const {
    const auto& value = inside();
    const auto* text = std::get_if<std::string>(&value.held_);
    if (text == nullptr || value.type_ == "ay") return std::nullopt;
    return *text;
}

std::optional<std::string> BusValue::as_bytes() const {
    const auto& value = inside();
    const auto* raw = std::get_if<std::string>(&value.held_);
    if (raw == nullptr || value.type_ != "ay") return std::nullopt;
    return *raw;
}

std::optional<bool> BusValue::as_boolean() const {
    const auto* value = std::get_if<bool>(&inside().held_);
    return value != nullptr ? std::optional(*value) : std::nullopt;
}

std::optional<std::uint64_t> BusValue::as_unsigned() const {
    const auto& held = inside().held_;
    if (const auto* value = std::get_if<std::uint64_t>(&held)) return *value;
    if (const auto* value = std::get_if<std::int64_t>(&held); value != nullptr && *value >= 0)
        return static_cast<std::uint64_t>(*value);
    return std::nullopt;
}

std::optional<std::int64_t> BusValue::as_integer() const {
    const auto& held = inside().held_;
    if (const auto* value = std::get_if<std::int64_t>(&held)) return *value;
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (const auto* value = std::get_if<std::uint64_t>(&held); value != nullptr && *value <= most)
        return static_cast<std::int64_t>(*value);
    return std::nullopt;
}

std::optional<double> BusValue::as_real() const {
    const auto* value = std::get_if<double>(&inside().held_);
    return value != nullptr ? std::optional(*value) : std::nullopt;
}

std::vector<std::string> BusValue::as_texts() const {
    std::vector<std::string> texts;
    for (const auto& element : elements()) {
        if (auto text = element.as_text()) texts.push_back(std::move(*text));
    }
    return texts;
}

std::shared_ptr<const BusDescriptor> BusValue::as_descriptor() const {
    const auto* value = std::get_if<std::shared_ptr<const BusDescriptor>>(&inside().held_);
    return value != nullptr ? *value : nullptr;
}

const BusValues& BusValue::elements() const {
    const auto* values = std::get_if<BusValues>(&inside().held_);
    return values != nullptr ? *values : none;
}

const BusValue* BusValue::at(std::string_view key) const {
    for (const auto& entry : elements()) {
        const auto& pair = entry.elements();
        if (entry.type_.starts_with('{') && pair.size() == 2 && pair.front().as_text() == key) return &pair.back();
    }
    return nullptr;
}

std::vector<std::string> BusValue::keys() const {
    std::vector<std::string> keys;
    for (const auto& entry : elements()) {
        const auto& pair = entry.elements();
        if (!entry.type_.starts_with('{') || pair.size() != 2) continue;
        if (auto key = pair.front().as_text()) keys.push_back(std::move(*key));
    }
    return keys;
}

}  // namespace steward::platform
