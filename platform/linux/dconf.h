// The system databases of dconf(7), in which a GNOME desktop finds its settings: key files in DATABASE.d and the keys
// that are locked in DATABASE.d/locks, all compiled into DATABASE by dconf's own tool. What is not compiled is not in
// force.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "platform/linux/files.h"
#include "platform/processes.h"

namespace steward::platform {

class Dconf {
  public:
    static constexpr std::string_view databases = "/etc/dconf/db/";
    static constexpr std::string_view profile = "/etc/dconf/profile/user";
    static constexpr std::string_view tool = "/usr/bin/dconf";

    explicit Dconf(const Files& files) : files_(files) {}

    // The first system database that sessions read; nullopt: their profile names none.
    Result<std::optional<std::string>> database() const;
    // The directories of key files, by database.
    Result<std::vector<std::string>> sources() const;

    struct Keys {
        std::map<std::string, std::string> values;      // "org/gnome/desktop/session/idle-delay": as it is written
        std::map<std::string, std::string> decided_by;  // the file of each
        std::set<std::string> locked;                   // with a leading slash
    };
    // What the key files of a database say together: of two files the later name decides.
    Result<Keys> keys(const std::string& database) const;

    // Whether the tool has compiled the database since its key files changed.
    Result<bool> compiled(const std::string& database) const;
    // Compiles what these changes, which were made already, have left behind. Fault::io with the tool's words when a
    // database would not.
    Outcome settle(const std::vector<Change>& made, Processes& processes) const;

  private:
    Outcome compile(Processes& processes) const;

    const Files& files_;
};

}  // namespace steward::platform
