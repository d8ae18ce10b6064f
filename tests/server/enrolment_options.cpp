#include "tests/server/enrolment_options.h"

#include <fstream>

#include "platform/base/text.h"

namespace steward::server {
namespace {

Error usage(const std::string& what) {
    return {Fault::invalid, what, {}};
}

// The first line of a file, so that no secret stands on a command line.
Result<std::string> secret_in(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string line;
    if (!std::getline(file, line) || trim(line).empty()) {
        return usage("The file " + path + " of --enrol-secret-file has no first line with a secret in it.");
    }
    return std::string(trim(line));
}

// "15x5,60x10,1440x0": interval and count of the three sets.
Result<Poll> poll_of(const std::string& text) {
    const auto wrong = usage("--poll wants three sets of MINUTESxCOUNT as in 15x5,60x10,1440x0, not " + text + '.');
    const auto sets = split(text, ',');
    if (sets.size() != 3) return wrong;
    long numbers[6] = {};
    for (std::size_t i = 0; i < 3; ++i) {
        const auto cross = sets[i].find('x');
        const auto interval = to_integer(sets[i].substr(0, cross));
        const auto count = cross == sets[i].npos ? std::nullopt : to_integer(sets[i].substr(cross + 1));
        if (!interval || !count || *interval < 0 || *count < 0) return wrong;
        numbers[2 * i] = static_cast<long>(*interval);
        numbers[2 * i + 1] = static_cast<long>(*count);
    }
    return Poll{numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]};
}

}  // namespace

Outcome complete(const EnrolmentWords& words, EnrolmentSettings& settings, IdentifyBy& by,
                 std::vector<ChosenFault>& faults) {
    settings.on = !words.policy.empty() || !words.users.empty() || words.as != "plain";
    if (const auto policy = auth_policy_named(words.policy)) {
        settings.policy = *policy;
    } else if (!words.policy.empty()) {
        return usage("--enrol wants onpremise, federated or certificate, not " + words.policy + '.');
    }
    if (words.users.size() != words.secret_files.size()) {
        return usage("Each --enrol-user wants an --enrol-secret-file of its own, in the same order.");
    }
    for (std::size_t i = 0; i < words.users.size(); ++i) {
        auto secret = secret_in(words.secret_files[i]);
        if (!secret) return secret.error();
        settings.accounts.push_back({words.users[i], std::move(*secret)});
    }
    if (settings.on && settings.policy == AuthPolicy::on_premise && settings.accounts.empty()) {
        return usage("Without --enrol-user and --enrol-secret-file nobody could enrol by password.");
    }
    auto habits = habits_of(words.as);
    if (!habits) return usage(habits.error().what);
    settings.habits = std::move(*habits);
    const auto chosen = identify_by_named(words.identify_by);
    if (!chosen) {
        return usage("--identify-by wants either, certificate, credentials or both, not " + words.identify_by + '.');
    }
    by = *chosen;
    if (!words.poll.empty()) {
        auto poll = poll_of(words.poll);
        if (!poll) return poll.error();
        settings.poll = *poll;
    }
    if (settings.key_length != 2048 && settings.key_length != 4096) {
        return usage("--key-length wants 2048 or 4096, not " + std::to_string(settings.key_length) + '.');
    }
    if (settings.certificate_days < 1) return usage("--cert-days wants at least one day.");
    for (const auto& each : words.faults) {
        auto fault = chosen_fault(each);
        if (!fault) return usage("--fault: " + fault.error().what);
        fault->always = words.fault_times == 0;
        fault->left = words.fault_times;
        if (!settings.on && fault->place != Place::session) {
            return usage("--fault " + each + " is about enrolment, which needs --enrol or --enrol-user.");
        }
        faults.push_back(std::move(*fault));
    }
    return {};
}

std::string habits_listed() {
    std::string text = "what enrolment behaves like:\n";
    for (const auto& name : habit_names()) text += name + ": " + habits_of(name)->about + "\n";
    return text;
}

std::string faults_listed() {
    std::string text =
        "NAME[=VALUE][@PLACE], may be repeated; PLACE is discovery, policy, enrolment or session, VALUE the text of a "
        "SOAP fault, seconds or bytes:\n";
    for (const auto& kind : fault_kinds()) text += std::string(kind.name) + ": " + std::string(kind.about) + "\n";
    return text;
}

}  // namespace steward::server
