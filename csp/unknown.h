// What a node says of a fact that the device can't tell, where the protocol wants a word instead of "not found".
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "csp/csp.h"

namespace steward::csp {

template <class T>
Field<T> or_say(std::string word, Field<T> field) {
    field.get = [known = std::move(field.get), word = std::move(word)](const T& record) {
        auto text = known(record);
        return text ? std::move(text) : std::optional<std::string>(word);
    };
    return field;
}

}  // namespace steward::csp
