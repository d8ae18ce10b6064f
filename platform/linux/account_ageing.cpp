#include "platform/linux/account_ageing.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "platform/base/text.h"
#include "platform/linux/drop_in.h"
#include "platform/linux/people.h"

namespace steward::platform {
namespace {

constexpr std::string_view shadow = "/etc/shadow";
constexpr std::string_view kept = "/var/lib/steward/ageing";
constexpr std::string_view kept_head =
    "# The password ageing of accounts before that. Name, shortest and longest age as they were, and as they were set\n"
    "# here; an empty pair was not changed.\n";
constexpr int never = 99999;
enum : std::size_t { name_field, secret_field, changed_field, shortest_field, longest_field };  // shadow(5)

// As the texts of the two fields were, and as we set them; nullopt: not changed by us.
struct Kept {
    struct Field {
        std::string was, now;
    };
    std::optional<Field> shortest, longest;
};
using KeptAll = std::map<std::string, Kept, std::less<>>;

// Never a copy: what is split must outlive the parts.
std::string_view view(const std::optional<std::string>& text) {
    return text ? std::string_view(*text) : std::string_view();
}

std::vector<std::string> fields_of(std::string_view line) {
    std::vector<std::string> fields;
    for (const auto part : split(line, ':')) fields.emplace_back(part);
    return fields;
}

// The size of an empty or negative field is "no limit", as is 99999 days.
int longest_of(const std::string& field) {
    const auto number = to_integer(field);
    return !number || *number < 0 || *number >= never ? 0 : static_cast<int>(*number);
}
int shortest_of(const std::string& field) {
    const auto number = to_integer(field);
    return !number || *number < 0 ? 0 : static_cast<int>(std::min<std::int64_t>(*number, never));
}

Result<std::set<std::string, std::less<>>> names_of_people(const Files& files) {
    auto all = people(files);
    if (!all) return std::move(all).error();
    std::set<std::string, std::less<>> names;
    for (auto& person : *all) names.insert(std::move(person.name));
    return names;
}

bool of_a_person(const std::vector<std::string>& fields, const std::set<std::string, std::less<>>& names) {
    return fields.size() > longest_field && !fields[secret_field].empty() && fields[secret_field][0] != '!' &&
           fields[secret_field][0] != '*' && names.contains(fields[name_field]);
}

KeptAll parse_kept(std::string_view text) {
    KeptAll all;
    for (const auto line : split(text, '\n')) {
        if (line.empty() || line[0] == '#') continue;
        const auto fields = fields_of(line);
        if (fields.size() != 5) continue;
        Kept& entry = all[fields[0]];
        if (!fields[3].empty()) entry.shortest = Kept::Field{fields[1], fields[3]};
        if (!fields[4].empty()) entry.longest = Kept::Field{fields[2], fields[4]};
    }
    return all;
}

std::string text_of(const KeptAll& all) {
    if (all.empty()) return {};
    std::string text(kept_head);
    for (const auto& [name, entry] : all) {
        const auto shortest = entry.shortest.value_or(Kept::Field{});
        const auto longest = entry.longest.value_or(Kept::Field{});
        text += name + ":" + shortest.was + ":" + longest.was + ":" + shortest.now + ":" + longest.now + "\n";
    }
    return text;
}

// The field as it was before us, unless somebody has changed it since.
void give_back(std::string& field, std::optional<Kept::Field>& entry) {
    if (entry && field == entry->now) field = entry->was;
    entry.reset();
}

void set(std::string& field, std::optional<Kept::Field>& entry, int days) {
    entry = Kept::Field{field, std::to_string(days)};
    field = entry->now;
}

}  // namespace

Result<AccountAges> account_ages(const Files& files) {
    AccountAges ages;
    auto names = names_of_people(files);
    if (!names) return std::move(names).error();
    auto text = files.find(shadow);
    if (!text) {
        if (text.error().fault == Fault::denied) return ages;
        return std::move(text).error();
    }
    for (const auto line : split(view(*text), '\n')) {
        const auto fields = fields_of(line);
        if (!of_a_person(fields, *names)) continue;
        const int longest = longest_of(fields[longest_field]), shortest = shortest_of(fields[shortest_field]);
        const bool weaker = !ages.longest || longest == 0 || (*ages.longest != 0 && longest > *ages.longest);
        if (weaker) ages.longest = longest;
        ages.shortest = std::min(ages.shortest.value_or(shortest), shortest);
    }
    return ages;
}

Outcome plan_account_ages(const Files& files, const PasswordRules& rules, std::vector<Change>& changes) {
    auto names = names_of_people(files);
    if (!names) return std::move(names).error();
    auto text = files.find(shadow);
    if (!text) return std::move(text).error();
    auto kept_text = files.find(kept);
    if (!kept_text) return std::move(kept_text).error();
    const int wanted = rules.expiration_days.value_or(0), least = rules.minimum_age_days.value_or(0);
    const KeptAll before = parse_kept(kept_text->value_or(""));
    KeptAll after;
    std::vector<std::string> lines;
    for (const auto line : split(view(*text), '\n')) {
        auto fields = fields_of(line);
        const auto known = fields.empty() ? before.end() : before.find(fields[name_field]);
        if (fields.size() <= longest_field || (known == before.end() && !of_a_person(fields, *names))) {
            lines.emplace_back(line);
            continue;
        }
        Kept entry = known == before.end() ? Kept{} : known->second;
        auto& shortest = fields[shortest_field];
        auto& longest = fields[longest_field];
        give_back(shortest, entry.shortest);
        give_back(longest, entry.longest);
        if (of_a_person(fields, *names)) {
            const int now = longest_of(longest);
            if (wanted > 0 && (now == 0 || now > wanted)) set(longest, entry.longest, wanted);
            if (least > 0 && shortest_of(shortest) < least) set(shortest, entry.shortest, least);
            if (const int end = longest_of(longest); least > 0 && end > 0 && end <= least) {
                return Error{Fault::invalid,
                             "The password of \"" + fields[name_field] + "\" expires after " + std::to_string(end) +
                                 " days, but would have to be kept for " + std::to_string(least) + ".",
                             std::string(shadow)};
            }
        }
        if (entry.shortest || entry.longest) after.emplace(fields[name_field], std::move(entry));
        lines.push_back(join(fields, ":"));
    }
    if (!*text) return {};
    auto note = drop_in(files, std::string(kept), text_of(after));
    if (!note) return std::move(note).error();
    note->mode = 0600;
    Change accounts{std::string(shadow), join(lines, "\n")};
    // The note first: fields that changed without it could never be given back.
    const bool first = !after.empty();
    if (first) changes.push_back(*note);
    changes.push_back(std::move(accounts));
    if (!first) changes.push_back(std::move(*note));
    return {};
}

}  // namespace steward::platform
