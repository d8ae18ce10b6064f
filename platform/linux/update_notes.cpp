#include "platform/linux/update_notes.h"

#include "platform/base/text.h"

namespace steward::platform {
namespace {

constexpr std::string_view notes_file = "/var/lib/steward/updates-seen";
constexpr std::string_view approvals_file = "/var/lib/steward/updates-approved";
constexpr std::string_view oldest_key = "installed";  // no package is called so without a version

Result<UpdateTimes> read(const Files& files, std::string_view path) {
    UpdateTimes times;
    auto text = files.find(path);
    if (!text) return std::move(text).error();
    if (!*text) return times;
    for (const auto line : split(**text, '\n')) {
        const auto blank = line.find(' ');
        const auto seconds = blank == std::string_view::npos ? std::nullopt : to_integer(line.substr(blank + 1));
        if (seconds) times.emplace(line.substr(0, blank), Instant(std::chrono::seconds(*seconds)));
    }
    return times;
}

Outcome write(Files& files, std::string_view path, const UpdateTimes& times) {
    if (times.empty()) return files.remove(path);
    std::string text;
    for (const auto& [name, time] : times) {
        text += name + " " + std::to_string(time.time_since_epoch().count()) + "\n";
    }
    return files.replace(path, text);
}

}  // namespace

Result<UpdateNotes> kept_notes(const Files& files) {
    auto times = read(files, notes_file);
    if (!times) return std::move(times).error();
    UpdateNotes notes{std::move(*times), std::nullopt};
    if (const auto oldest = notes.seen.extract(std::string(oldest_key))) notes.oldest_installed = oldest.mapped();
    return notes;
}

Outcome keep(Files& files, const UpdateNotes& notes) {
    auto times = notes.seen;
    if (notes.oldest_installed) times.emplace(oldest_key, *notes.oldest_installed);
    return write(files, notes_file, times);
}

Result<UpdateTimes> kept_approvals(const Files& files) {
    return read(files, approvals_file);
}

Outcome keep_approvals(Files& files, const UpdateTimes& approvals) {
    return write(files, approvals_file, approvals);
}

}  // namespace steward::platform
