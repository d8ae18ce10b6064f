// The agent's own small files, below its state directory: certificates, bundles of authorities. Paths begin with "/"
// and mean those below that directory.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/result.h"

namespace steward::platform {

struct StateFile {
    std::string path;                    // "/enrolments/ab12/identity-1.pem"
    std::optional<std::string> content;  // nullopt: the file is not to exist
    bool secret = false;                 // only its owner may read it
};

struct StateFiles {
    virtual ~StateFiles() = default;

    // All files or none, durable on return; directories come with their first file and go with their last.
    virtual Outcome apply(const std::vector<StateFile>& files) = 0;
    virtual Result<std::optional<std::string>> find(std::string_view path) = 0;
    virtual Result<std::vector<std::string>> list(std::string_view directory) = 0;  // names; none: no directory
    virtual std::string full_path(std::string_view path) const = 0;                 // for other libraries
};

std::unique_ptr<StateFiles> state_files_in(const std::string& directory);

}  // namespace steward::platform
