#include "platform/terminal.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

#include "platform/base/text.h"

namespace steward::platform {
namespace {

// What setlocale(3) would look at.
bool takes_utf8() {
    for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        const char* value = std::getenv(name);
        if (value == nullptr || *value == '\0') continue;
        const auto locale = lower(value);
        return locale.find("utf-8") != std::string::npos || locale.find("utf8") != std::string::npos;
    }
    return false;
}

}  // namespace

bool is_terminal(int descriptor) {
    return ::isatty(descriptor) != 0;
}

std::optional<std::size_t> drawing_columns(int descriptor) {
    const char* terminal = std::getenv("TERM");
    if (::isatty(descriptor) == 0 || terminal == nullptr || std::string_view(terminal) == "dumb" || !takes_utf8()) {
        return std::nullopt;
    }
    winsize size{};
    if (::ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
    return size.ws_col;
}

Result<std::string> ask_secretly(const std::string& question) {
    const int terminal = ::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    termios before{};
    if (terminal < 0 || ::tcgetattr(terminal, &before) != 0) {
        if (terminal >= 0) ::close(terminal);
        return Error{Fault::not_found, "There is no terminal to ask at.", {}};
    }
    termios silent = before;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    silent.c_lflag |= ECHONL;
    (void)!::write(terminal, question.data(), question.size());
    ::tcsetattr(terminal, TCSAFLUSH, &silent);
    std::string line;
    char c = 0;
    while (::read(terminal, &c, 1) == 1 && c != '\n') line += c;
    ::tcsetattr(terminal, TCSAFLUSH, &before);
    ::close(terminal);
    return line;
}

}  // namespace steward::platform
