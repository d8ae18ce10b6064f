#include "platform/linux/variables.h"

#include "platform/base/text.h"

namespace steward::platform {
namespace {

std::string unquoted(std::string_view value) {
    const bool quoted =
        value.size() >= 2 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front();
    if (!quoted) return std::string(value);
    const bool escapes = value.front() == '"';
    std::string plain;
    for (std::size_t i = 1; i + 1 < value.size(); ++i) {
        if (escapes && value[i] == '\\' && i + 2 < value.size()) ++i;
        plain += value[i];
    }
    return plain;
}

}  // namespace

Variables variables_of(std::string_view text) {
    Variables variables;
    for (const auto raw : split(text, '\n')) {
        const auto line = trim(raw);
        const auto equals = line.find('=');
        if (line.starts_with('#') || equals == std::string_view::npos) continue;
        variables.insert_or_assign(std::string(trim(line.substr(0, equals))), unquoted(trim(line.substr(equals + 1))));
    }
    return variables;
}

Variables read_variables(const Files& files, std::string_view path) {
    const auto text = files.read(path);
    return text ? variables_of(*text) : Variables();
}

std::optional<std::string> find_variable(const Variables& variables, std::string_view name) {
    const auto found = variables.find(name);
    if (found == variables.end() || found->second.empty()) return std::nullopt;
    return found->second;
}

}  // namespace steward::platform
