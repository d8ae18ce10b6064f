#include "agent/app/json.h"

#include <nlohmann/json.hpp>

namespace steward::app {

struct Json::Impl {
    nlohmann::ordered_json value;
};

Json::Json() : impl_(std::make_unique<Impl>()) {}
Json::Json(std::string_view text) : Json() {
    impl_->value = text;
}
Json::Json(std::int64_t number) : Json() {
    impl_->value = number;
}
Json::Json(Truth truth) : Json() {
    impl_->value = truth.value;
}
Json::Json(const std::optional<std::string>& text) : Json() {
    if (text) impl_->value = *text;
}
Json::Json(const Json& other) : impl_(std::make_unique<Impl>(*other.impl_)) {}
Json::Json(Json&& other) noexcept = default;
Json::~Json() = default;

Json Json::object() {
    Json json;
    json.impl_->value = nlohmann::ordered_json::object();
    return json;
}

Json Json::array() {
    Json json;
    json.impl_->value = nlohmann::ordered_json::array();
    return json;
}

Json& Json::set(const char* key, const Json& value) {
    impl_->value[key] = value.impl_->value;
    return *this;
}

Json& Json::push(const Json& value) {
    impl_->value.push_back(value.impl_->value);
    return *this;
}

std::string Json::text() const {
    return impl_->value.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace steward::app
