#include "agent/app/qr_code.h"

#include <qrencode.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <string_view>

#include "platform/base/text.h"

namespace steward::app {
namespace {

constexpr int margin = 4;  // light modules on each side. Source: ISO/IEC 18004

struct Symbol {
    std::unique_ptr<QRcode, void (*)(QRcode*)> code;
    bool light(int column, int row) const {
        if (column < 0 || row < 0 || column >= code->width || row >= code->width) return true;
        return (code->data[row * code->width + column] & 1) == 0;
    }
};

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

std::optional<std::string> qr_code(const std::string& text, std::size_t columns) {
    if (text.empty() || text.find('\0') != std::string::npos) return std::nullopt;
    const Symbol symbol{{QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_L), QRcode_free}};
    if (!symbol.code) return std::nullopt;
    const int width = symbol.code->width;
    if (static_cast<std::size_t>(width) + 2 * margin > columns) return std::nullopt;
    std::string drawn;
    for (int row = -margin; row < width + margin; row += 2) {
        drawn += "\x1b[40;37;1m";
        for (int column = -margin; column < width + margin; ++column) {
            const bool above = symbol.light(column, row), below = symbol.light(column, row + 1);
            drawn += above && below ? "\u2588" : above ? "\u2580" : below ? "\u2584" : " ";
        }
        drawn += "\x1b[0m\n";
    }
    return drawn;
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

}  // namespace steward::app
