// Completion for shells. The scripts know the verbs and their options, and ask `steward completion --uris` for the
// addresses of nodes, which come from the declarations of this build.
#include <algorithm>
#include <optional>

#include "agent/app/grammar.h"
#include "csp/contents.h"
#include "platform/base/text.h"
#include "platform/device.h"

namespace steward::app {
namespace {

bool takes_uri(const Verb& verb) {
    return verb.synopsis.find("URI") != std::string::npos;
}

// Words that are written as they stand where the synopsis gives a choice: "list" of "list [URI] | get URI".
std::string choices_of(const Verb& verb) {
    std::string choices;
    for (const auto alternative : split(verb.synopsis, '|')) {
        const auto begin = alternative.find_first_not_of(" [");
        const auto text = begin == std::string_view::npos ? std::string_view() : alternative.substr(begin);
        const auto word = text.substr(0, text.find_first_of(" ]"));
        const bool literal =
            !word.empty() && std::all_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; });
        if (literal) choices += (choices.empty() ? "" : " ") + std::string(word);
    }
    return choices;
}

std::string words_of(const Verb& verb) {
    std::string words;
    for (const auto* list : {&verb.options, &options_of_every_verb()}) {
        for (const auto& option : *list) words += (words.empty() ? "--" : " --") + option.name;
    }
    return words;
}

std::string bash_script() {
    std::string names, cases;
    for (const auto& verb : verbs()) {
        names += (names.empty() ? "" : " ") + verb.name;
        cases += "        " + verb.name + ") words='" + words_of(verb) + "' choices='" + choices_of(verb) + "'" +
                 (takes_uri(verb) ? " uris=yes" : "") + " ;;\n";
    }
    return "# bash completion for steward\n_steward() {\n"
           "    local current=${COMP_WORDS[COMP_CWORD]} words= choices= uris=\n"
           "    COMPREPLY=()\n"
           "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
           "        mapfile -t COMPREPLY < <(compgen -W '" +
           names +
           "' -- \"$current\")\n        return\n    fi\n"
           "    case ${COMP_WORDS[1]} in\n" +
           cases +
           "    esac\n"
           "    if [[ $current == -* ]]; then\n"
           "        mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
           "        return\n    fi\n"
           "    if [[ $current == .* && -n $uris ]]; then\n"
           "        compopt -o nospace 2>/dev/null\n"
           "        mapfile -t COMPREPLY < <(steward completion --uris \"$current\" 2>/dev/null)\n"
           "        return\n    fi\n"
           "    [ \"$COMP_CWORD\" -ne 2 ] || mapfile -t COMPREPLY < <(compgen -W \"$choices\" -- \"$current\")\n"
           "    [ ${#COMPREPLY[@]} -gt 0 ] || mapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n"
           "}\ncomplete -F _steward steward\n";
}

std::string zsh_script() {
    return "#compdef steward\nautoload -U +X bashcompinit && bashcompinit\n" + bash_script();
}

std::string fish_text(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '\'' || c == '\\') out += '\\';
        out += c;
    }
    return "'" + out + "'";
}

std::string fish_script() {
    std::string script = "# fish completion for steward\ncomplete -c steward -f\n", with_uris;
    for (const auto& verb : verbs()) {
        script +=
            "complete -c steward -n __fish_use_subcommand -a " + verb.name + " -d " + fish_text(verb.about) + "\n";
        if (takes_uri(verb)) with_uris += " " + verb.name;
        for (const auto& option : verb.options) {
            script += "complete -c steward -n '__fish_seen_subcommand_from " + verb.name + "' -l " + option.name +
                      " -d " + fish_text(option.about) + (option.value.empty() ? "" : " -r -F") + "\n";
        }
    }
    for (const auto& option : options_of_every_verb()) {
        script += "complete -c steward -l " + option.name + " -d " + fish_text(option.about) +
                  (option.value.empty() ? "" : " -r -F") + "\n";
    }
    return script + "complete -c steward -n '__fish_seen_subcommand_from" + with_uris +
           "' -a '(steward completion --uris (commandline -ct))'\n";
}

}  // namespace

Result<std::string> completion_script(std::string_view shell) {
    if (shell == "bash") return bash_script();
    if (shell == "zsh") return zsh_script();
    if (shell == "fish") return fish_script();
    return Error{Fault::invalid, "There is no completion for \"" + std::string(shell) + "\": bash, zsh or fish.", {}};
}

std::vector<std::string> uri_candidates(std::string_view typed) {
    const SystemClock clock;
    const auto device = platform::open_device("/", {}, clock);
    auto csps = csp::contents(device->host());
    for (std::size_t i = 0, count = csps.size(); i < count; ++i) {
        if (auto result = csp::result_side(csps[i])) csps.push_back(std::move(*result));
    }
    const auto slash = typed.rfind('/');
    const auto above = typed.substr(0, slash == std::string_view::npos ? 0 : slash + 1);
    std::vector<std::string> found;
    const auto add = [&](std::string text) {
        if (text.size() >= typed.size() && same_ignoring_case(text.substr(0, typed.size()), typed)) {
            found.push_back(std::move(text));
        }
    };
    for (const auto& csp : csps) {
        const auto root = csp.root() + "/";
        if (root.size() > above.size() && same_ignoring_case(root.substr(0, above.size()), above)) {
            add(root.substr(0, root.find('/', above.size()) + 1));
            continue;
        }
        if (above.size() < root.size() || !same_ignoring_case(above.substr(0, root.size()), root)) continue;
        const csp::Node* node = &csp.node();
        for (const auto part : split(above.substr(root.size()), '/')) {
            if (node != nullptr && !part.empty()) node = node->child(part);
        }
        if (node == nullptr) continue;
        for (const auto& child : node->children) {
            if (!child.dynamic()) add(std::string(above) + child.name + (child.interior() ? "/" : ""));
        }
    }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

}  // namespace steward::app
