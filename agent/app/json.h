// JSON as the verbs print it: built in order, printed once.
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace steward::app {

class Json {
  public:
    static Json object();
    static Json array();
    Json(std::string_view text);
    Json(const char* text) : Json(std::string_view(text)) {}
    Json(const std::string& text) : Json(std::string_view(text)) {}
    Json(std::int64_t number);
    template <std::integral T>
    requires(!std::same_as<T, bool> && !std::same_as<T, std::int64_t>) Json(T number)
        : Json(static_cast<std::int64_t>(number)) {}
    template <std::same_as<bool> T>
    Json(T truth) : Json(Truth{truth}) {}
    Json(const std::optional<std::string>& text);  // null without a value
    Json(const Json& other);
    Json(Json&& other) noexcept;
    ~Json();

    Json& set(const char* key, const Json& value);
    Json& push(const Json& value);
    std::string text() const;  // indented by two; bytes that are no UTF-8 become U+FFFD

  private:
    struct Truth {
        bool value;
    };
    explicit Json(Truth truth);
    Json();
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace steward::app
