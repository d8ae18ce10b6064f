#include "platform/linux/people.h"

#include <string_view>

#include "platform/base/text.h"
#include "platform/linux/conf_file.h"

namespace steward::platform {
namespace {

constexpr std::string_view passwd = "/etc/passwd";
constexpr std::string_view defaults = "/etc/login.defs";
enum : std::size_t { name_field, number_field = 2, home_field = 5 };

}  // namespace

Result<std::vector<Person>> people(const Files& files) {
    auto definitions = files.find(defaults);
    if (!definitions) return std::move(definitions).error();
    const ConfFile file(ConfFile::Style::blank, *definitions);
    const auto first = to_integer(file.value("UID_MIN").value_or("")).value_or(1000);
    const auto last = to_integer(file.value("UID_MAX").value_or("")).value_or(60000);
    auto text = files.find(passwd);
    if (!text) return std::move(text).error();
    std::vector<Person> people;
    if (!*text) return people;
    for (const auto line : split(**text, '\n')) {
        const auto parts = split(line, ':');
        const auto number = parts.size() > number_field ? to_integer(parts[number_field]) : std::nullopt;
        if (!number || *number < first || *number > last) continue;
        people.push_back(
            {std::string(parts[name_field]), std::string(parts.size() > home_field ? parts[home_field] : "")});
    }
    return people;
}

}  // namespace steward::platform
