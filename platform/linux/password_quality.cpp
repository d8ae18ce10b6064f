// Password quality through libpwquality: /etc/security/pwquality.conf.d/*.conf are read first, in the order of their
// names, then the main file, and the last value wins; arguments in the PAM stack beat both. Source: pwquality.conf(5).
#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>

#include "platform/base/text.h"
#include "platform/linux/conf_file.h"
#include "platform/linux/drop_in.h"
#include "platform/linux/pam.h"
#include "platform/linux/password_places.h"

namespace steward::platform {
namespace {

constexpr std::string_view directory = "/etc/security/pwquality.conf.d";
constexpr std::string_view main_file = "/etc/security/pwquality.conf";
constexpr std::string_view our_name = "50-steward.conf";
constexpr std::string_view module_name = "pam_pwquality.so";
constexpr int shortest_possible = 6;  // the library never accepts less
constexpr int simple_run = 3;         // "111" and "123" may stand in a password, "1111" and "1234" may not

constexpr std::array<std::string_view, 4> credits = {"dcredit", "lcredit", "ucredit", "ocredit"};
const std::map<std::string, int, std::less<>> defaults = {
    {"minlen", 8},    {"dcredit", 0},    {"ucredit", 0},     {"lcredit", 0},   {"ocredit", 0},
    {"minclass", 0},  {"maxrepeat", 0},  {"maxsequence", 0}, {"dictcheck", 1}, {"gecoscheck", 0},
    {"usercheck", 1}, {"usersubstr", 0}, {"enforcing", 1}};

struct Source {
    std::string path;
    ConfFile file;
    bool later;  // read after our drop-in, so that its values beat ours
};

// Everything that decides about quality on this device.
class Quality {
  public:
    static Result<Quality> of(const Files& files) {
        Quality quality;
        auto modules = find_pam_module(files, "password", module_name);
        if (!modules) return std::move(modules).error();
        quality.modules_ = std::move(*modules);
        auto names = files.list(directory);
        if (!names && names.error().fault != Fault::not_found) return std::move(names).error();
        if (names) {
            for (const auto& name : *names) {
                if (!name.ends_with(".conf")) continue;
                const auto path = std::string(directory) + "/" + name;
                if (auto read = quality.add(files, path, name > our_name, name == our_name); !read) return read.error();
            }
        }
        if (auto read = quality.add(files, std::string(main_file), true, false); !read) return read.error();
        return quality;
    }

    bool in_stack() const { return !modules_.empty(); }
    const std::string& stack() const { return modules_.front().file; }
    const std::vector<Source>& sources() const { return sources_; }

    std::optional<std::string> argument(std::string_view key) const {
        for (const auto& module : modules_) {
            if (auto value = module.argument(key)) return value;
        }
        return std::nullopt;
    }

    // The number in force; nullopt when it isn't one and the library would stumble over it. with_ours: our own drop-in
    // and our changes of other files count too.
    std::optional<int> number(std::string_view key, bool with_ours = true) const {
        std::optional<std::string> text;
        for (const auto& source : sources_) {
            auto value = with_ours ? source.file.value(key) : source.file.original_value(key);
            if (!with_ours && source.path == our_path()) value.reset();
            if (value) text = std::move(value);
        }
        if (auto given = argument(key)) text = std::move(given);
        if (!text) return defaults.find(key)->second;
        const auto value = to_integer(*text);
        if (!value || *value < -1000 || *value > 1000) return std::nullopt;
        return static_cast<int>(*value);
    }

    static std::string our_path() { return std::string(directory) + "/" + std::string(our_name); }

  private:
    Outcome add(const Files& files, const std::string& path, bool later, bool ours) {
        auto text = files.find(path);
        if (!text) return std::move(text).error();
        if (!*text && !ours) return {};
        sources_.push_back({path, ConfFile(ConfFile::Style::equals, *text), later});
        return {};
    }

    std::vector<PamModule> modules_;
    std::vector<Source> sources_;  // in the order in which they are read
};

using Wanted = std::map<std::string, int, std::less<>>;

Wanted wanted_by(const PasswordRules& rules) {
    Wanted wanted;
    const auto at_least = [&](const char* key, int value) {
        const auto [entry, fresh] = wanted.emplace(key, value);
        if (!fresh) entry->second = std::max(entry->second, value);
    };
    if (rules.min_length) at_least("minlen", std::max(*rules.min_length, shortest_possible));
    const auto kinds = static_cast<std::size_t>(std::clamp(rules.complex_characters.value_or(1), 1, 4));
    if (kinds > 1) {
        for (std::size_t i = 0; i < kinds; ++i) wanted[std::string(credits[i])] = -1;
    }
    if (rules.alphanumeric.value_or(false)) wanted["dcredit"] = wanted["lcredit"] = -1;
    if (!rules.allow_simple.value_or(true)) {
        wanted["maxsequence"] = wanted["maxrepeat"] = simple_run;
        wanted["dictcheck"] = 1;
    }
    if (rules.complexity.value_or(false)) {
        at_least("minclass", 3);
        wanted["usercheck"] = wanted["gecoscheck"] = 1;
        wanted["usersubstr"] = simple_run;
    }
    return wanted;
}

// Settings of others that would weaken what we want.
void add_corrections(const Quality& quality, Wanted& wanted) {
    if (quality.number("enforcing", false).value_or(0) == 0) wanted["enforcing"] = 1;
    if (!wanted.contains("minlen")) return;
    for (const auto credit : credits) {  // a positive credit makes shorter passwords acceptable
        if (quality.number(credit, false).value_or(1) > 0) wanted.emplace(std::string(credit), 0);
    }
}

// The PAM stack must run the library and must not overrule it.
Outcome enforceable(const Files& files, const Quality& quality, const Wanted& wanted) {
    if (!quality.in_stack()) {
        return without_pam_module(
            files, "password",
            "Nothing on this device checks new passwords: pam_pwquality is not in the PAM stack. Install "
            "libpam-pwquality (Debian) or select a profile that has it (authselect).");
    }
    for (const auto& [key, value] : wanted) {
        const auto given = quality.argument(key);
        if (given && *given != std::to_string(value)) {
            return Error{
                Fault::unsupported,
                "The PAM stack itself fixes " + key + "=" + *given + ", which no configuration file overrules.",
                quality.stack()};
        }
    }
    return {};
}

Outcome plan(const Files& files, const PasswordRules& rules, std::vector<Change>& changes) {
    auto quality = Quality::of(files);
    if (!quality) return std::move(quality).error();
    auto wanted = wanted_by(rules);
    if (!wanted.empty()) {
        add_corrections(*quality, wanted);
        if (auto possible = enforceable(files, *quality, wanted); !possible) return possible;
    }
    // Where somebody else's value would beat our drop-in, that line is changed in place.
    std::map<std::string, std::vector<Assignment>> edits;
    std::string body;
    for (const auto& [key, value] : wanted) {
        const Source* winner = nullptr;
        for (const auto& source : quality->sources()) {
            if (source.later && source.file.original_value(key)) winner = &source;
        }
        if (winner != nullptr) {
            edits[winner->path].push_back({key, std::to_string(value)});
        } else {
            body += key + " = " + std::to_string(value) + "\n";
        }
    }
    for (const auto& source : quality->sources()) {
        if (source.path == Quality::our_path()) continue;
        changes.push_back({source.path, source.file.with(edits[source.path])});
    }
    auto ours = drop_in(files, Quality::our_path(), body);
    if (!ours) return std::move(ours).error();
    changes.push_back(std::move(*ours));
    return {};
}

Outcome read(const Files& files, PasswordRules& rules) {
    auto quality = Quality::of(files);
    if (!quality) return std::move(quality).error();
    const bool enforced = quality->in_stack() && quality->number("enforcing").value_or(1) != 0;
    if (!enforced) {  // no kind of character is asked for; pam_unix alone decides about the length
        rules.complex_characters = 1;
        rules.alphanumeric = rules.complexity = false;
        rules.allow_simple = true;
        return {};
    }
    Wanted value;
    for (const auto& [key, standard] : defaults) {
        const auto number = quality->number(key);
        if (!number) return {};  // the library refuses the whole configuration: nothing can be said
        value[key] = *number;
    }
    int demanded = 0, credited = 0;
    for (const auto credit : credits) {
        const int number = value.find(credit)->second;
        if (number < 0) ++demanded;
        credited += std::max(number, 0);
    }
    const auto short_run = [](int run) { return run > 0 && run <= simple_run; };
    rules.min_length = std::max(value["minlen"] - credited, shortest_possible);
    rules.complex_characters = std::clamp(std::max(value["minclass"], demanded), 1, 4);
    rules.alphanumeric = value["dcredit"] < 0 && (value["lcredit"] < 0 || value["ucredit"] < 0);
    rules.allow_simple = !(short_run(value["maxsequence"]) && short_run(value["maxrepeat"]) && value["dictcheck"] != 0);
    rules.complexity = std::max(value["minclass"], demanded) >= 3 && value["usercheck"] != 0 &&
                       value["gecoscheck"] != 0 && short_run(value["usersubstr"]);
    return {};
}

}  // namespace

const PasswordPlace password_quality = {read, plan};

}  // namespace steward::platform
