#include "agent/app/qr_code.h"

#include <qrencode.h>

#include <memory>

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

}  // namespace steward::app
