#include "platform/linux/authselect.h"

#include <array>
#include <utility>
#include <vector>

#include "platform/base/text.h"
#include "platform/linux/pam.h"

namespace steward::platform {
namespace {

constexpr std::string_view tool = "/usr/bin/authselect";
constexpr std::string_view notes_file = "/var/lib/steward/authselect-features";

// A feature and what it brings into the stack. Source: authselect-profiles(5).
struct Feature {
    const char* name;
    std::string_view type, module;
};
constexpr std::array<Feature, 2> features = {
    {{"with-faillock", "auth", "pam_faillock.so"}, {"with-pwhistory", "password", "pam_pwhistory.so"}}};

Result<bool> runs(const Files& files, const Feature& feature) {
    auto modules = find_pam_module(files, feature.type, feature.module);
    if (!modules) return std::move(modules).error();
    return !modules->empty();
}

}  // namespace

Result<bool> Authselect::here() const {
    return files_.present(tool);
}

Result<PamParts> Authselect::present() const {
    auto text = files_.find(notes_file);
    if (!text) return std::move(text).error();
    PamParts parts;
    const std::string notes = text->value_or("");
    for (const auto line : split(notes, '\n')) {
        if (!line.empty()) parts.emplace(line, "");
    }
    return parts;
}

Result<PamParts> Authselect::needed(const PasswordRules& rules) const {
    auto ours = present();
    if (!ours) return ours;
    PamParts wanted;
    for (const auto& feature : features) {
        const bool needs = feature.type == "auth" ? counts_failures(rules) : rules.history.value_or(0) > 0;
        if (!needs) continue;
        auto running = runs(files_, feature);
        if (!running) return std::move(running).error();
        // What is there without us is configured, and stays when we go.
        if (!*running || ours->contains(feature.name)) wanted.emplace(feature.name, "");
    }
    return wanted;
}

Outcome Authselect::run(const std::vector<std::string>& arguments, Fault fault, const std::string& sentence) {
    Command command;
    command.arguments = {std::string(tool)};
    command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
    command.environment = {{"LC_ALL", "C"}};
    auto ended = processes_.run(command);
    if (!ended) return std::move(ended).error();
    if (ended->code == 0) return {};
    const auto said = trim(ended->errors).empty() ? trim(ended->output) : trim(ended->errors);
    return Error{fault, sentence, std::string(said)};
}

Outcome Authselect::note(const PamParts& parts) {
    if (parts.empty()) return files_.remove(notes_file);
    std::string text;
    for (const auto& entry : parts) text += entry.first + "\n";
    return files_.replace(notes_file, text);
}

// A feature is noted before it comes and forgotten after it went: whenever this is cut short, the note says what may be
// ours.
Outcome Authselect::update(const PamParts& parts, const PamParts& before) {
    for (const auto& feature : features) {
        if (parts.contains(feature.name) || !before.contains(feature.name)) continue;
        auto running = runs(files_, feature);
        if (!running) return std::move(running).error();
        if (!*running) continue;  // it never came
        auto gone = run({"disable-feature", feature.name}, Fault::io,
                        "authselect did not take the feature " + std::string(feature.name) + " out of the PAM stack.");
        if (!gone) return gone;
    }
    if (auto noted = note(parts); !noted) return noted;
    for (const auto& feature : features) {
        if (!parts.contains(feature.name)) continue;
        auto running = runs(files_, feature);
        if (!running) return std::move(running).error();
        if (*running) continue;
        auto enabled = run(
            {"enable-feature", feature.name}, Fault::unsupported,
            "The authselect profile of this device could not be given the feature " + std::string(feature.name) + ".");
        if (!enabled) return enabled;
        running = runs(files_, feature);
        if (!running) return std::move(running).error();
        if (!*running) {
            return Error{Fault::io, "authselect did not bring the module into the PAM stack.",
                         std::string(feature.module)};
        }
    }
    return {};
}

Outcome Authselect::bring(const PamParts& parts) {
    auto before = present();
    if (!before) return std::move(before).error();
    bool so_already = *before == parts;
    for (const auto& feature : features) {
        auto running = runs(files_, feature);
        if (!running) return std::move(running).error();
        so_already = so_already && (*running || !parts.contains(feature.name));
    }
    if (so_already) return {};
    auto valid = run({"check"}, Fault::unsupported,
                     "The PAM stack of this device was not made by authselect, or was changed since: choose a profile "
                     "with authselect select.");
    if (!valid) return valid;
    auto updated = update(parts, *before);
    if (!updated && *before != parts) {
        auto after = present();
        if (after) (void)update(*before, *after);  // what failed first is what the caller has to know
    }
    return updated;
}

}  // namespace steward::platform
