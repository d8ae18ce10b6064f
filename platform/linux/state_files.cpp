#include "platform/linux/state_files.h"

#include <algorithm>

namespace steward::platform {

std::unique_ptr<StateFiles> state_files_in(const std::string& directory) {
    return std::make_unique<LinuxStateFiles>(Files(directory));
}

Outcome LinuxStateFiles::apply(const std::vector<StateFile>& files) {
    std::vector<Change> changes;
    for (const auto& file : files) {
        const auto parents = static_cast<std::size_t>(std::count(file.path.begin(), file.path.end(), '/')) - 1;
        changes.push_back({file.path, file.content, file.secret ? mode_t{0600} : mode_t{0644}, parents});
    }
    return state_.apply(changes);
}

Result<std::optional<std::string>> LinuxStateFiles::find(std::string_view path) {
    return state_.find(path);
}

Result<std::vector<std::string>> LinuxStateFiles::list(std::string_view directory) {
    auto names = state_.list(directory);
    if (!names && names.error().fault == Fault::not_found) return std::vector<std::string>();
    return names;
}

}  // namespace steward::platform
