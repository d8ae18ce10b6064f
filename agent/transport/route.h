// Which proxy the system has for a server, asked once and not for each message: a script may decide it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace steward::transport {

class SystemRoute {
  public:
    // As platform::system_proxy says; asked anew when the server is another.
    const std::optional<std::string>& to(const std::string& url);

  private:
    std::string server_;
    std::optional<std::string> proxy_;
};

// Whether what is sent to this host (of a URL, in small letters) never leaves this machine.
bool stays_here(std::string_view host);

// Whether it can be in a header of a request: nothing in it ends a line.
bool one_line(std::string_view text);

}  // namespace steward::transport
