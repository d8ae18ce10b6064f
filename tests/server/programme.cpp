#include "tests/server/programme.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "agent/syncml/read.h"
#include "tests/support/personality.h"

namespace steward::server {
namespace {

namespace files = std::filesystem;

Result<std::vector<std::string>> transcript_files(const std::vector<std::string>& paths) {
    std::vector<std::string> found;
    for (const auto& path : paths) {
        std::error_code problem;
        if (!files::is_directory(path, problem)) {
            found.push_back(path);
            continue;
        }
        std::vector<std::string> here;
        for (auto entry = files::directory_iterator(path, problem); !problem && entry != files::directory_iterator();
             entry.increment(problem)) {
            if (entry->path().extension() == ".transcript") here.push_back(entry->path().string());
        }
        if (problem) return Error{Fault::io, "The directory " + path + " cannot be read.", problem.message()};
        if (here.empty()) return Error{Fault::not_found, "There is no *.transcript in " + path + '.', path};
        std::sort(here.begin(), here.end());
        found.insert(found.end(), here.begin(), here.end());
    }
    return found;
}

transcript::Manner adjusted(transcript::Manner manner, const Options& options) {
    manner.wbxml = manner.wbxml || options.wbxml;
    if (options.max_message != 0) manner.max_message = options.max_message;
    if (options.delay) manner.delay = *options.delay;
    if (options.busy) manner.busy = *options.busy;
    return manner;
}

void give_proofs(transcript::Transcript& script, const Options& options) {
    for (auto& session : script.sessions) {
        if (session.auth.kind == session::Auth::none) session.auth = options.auth;
        if (session.server_auth.kind == session::Auth::none) session.server_auth = options.server_auth;
    }
}

// A file holds either bare commands or a whole SyncML message, whose commands are taken.
Result<transcript::Transcript> commands_script(const std::string& path, const transcript::Transcript& usual) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file) return Error{Fault::not_found, "The file of commands " + path + " cannot be read.", path};
    const std::string xml = text.str();
    if (auto whole = syncml::read_xml(xml)) {
        transcript::Answer answer;
        const auto begin = xml.find('>', xml.find("SyncBody"));
        const auto end = xml.rfind("</");
        const auto body_end = end == std::string::npos ? end : xml.rfind("</", end - 1);
        if (begin != std::string::npos && body_end != std::string::npos && body_end > begin) {
            answer.text = xml.substr(begin + 1, body_end - begin - 1);
        }
        transcript::Transcript script = usual;
        script.id = "commands";
        script.title = path;
        script.sessions[0].exchanges = {{{}, std::move(answer)}};
        return script;
    }
    auto commands = transcript::read_commands(xml);
    if (!commands) return Error{Fault::malformed, path + ", " + commands.error().what, path};
    if (commands->empty()) return Error{Fault::incomplete, "The file " + path + " holds no command.", path};
    transcript::Transcript script = usual;
    script.id = "commands";
    script.title = path;
    transcript::Answer answer;
    answer.text = xml;
    script.sessions[0].exchanges = {{{}, std::move(answer)}};
    return script;
}

}  // namespace

Result<Programme> programme_of(const Options& options) {
    auto usual =
        transcript::personality(options.personality, {options.provider, options.rekey_user, options.rekey_secret});
    if (!usual) return usual.error();
    Programme made;
    made.usual = adjusted(usual->manner, options);
    give_proofs(usual->script, options);

    auto paths = transcript_files(options.transcripts);
    if (!paths) return paths.error();
    std::set<std::string> ids;
    for (const auto& path : *paths) {
        auto script = transcript::load(path);
        if (!script) return script.error();
        if (!ids.insert(script->id).second) {
            return Error{Fault::exists, path + ": There is already a transcript with the id " + script->id + '.', path};
        }
        if (!script->personality.empty()) {
            auto own = transcript::personality(script->personality);
            if (!own) return Error{Fault::not_found, path + ": " + own.error().what, path};
            made.manners[script->id] = adjusted(own->manner, options);
        }
        give_proofs(*script, options);
        made.scripts.push_back(std::make_shared<const transcript::Transcript>(std::move(*script)));
    }
    if (!options.commands.empty()) {
        auto first = commands_script(options.commands, usual->script);
        if (!first) return first.error();
        made.first = std::make_shared<const transcript::Transcript>(std::move(*first));
    }
    if (made.scripts.empty()) made.scripts.push_back(std::make_shared<const transcript::Transcript>(usual->script));
    return made;
}

}  // namespace steward::server
