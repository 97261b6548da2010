#include "client/qr.hpp"

#include <qrencode.h>

#include <memory>

namespace samsynk::client {
namespace {

constexpr int quiet = 2;  // modules around it; four by the standard, but phones read it with two

}  // namespace

std::vector<std::string> qr_code(const std::string& text, int columns, int rows) {
    const std::unique_ptr<QRcode, decltype(&QRcode_free)> code{
        QRcode_encodeString(text.c_str(), 0, QR_ECLEVEL_L, QR_MODE_8, 1), &QRcode_free};
    if (!code) return {};
    const int size = code->width + 2 * quiet;
    if (size > columns || (size + 1) / 2 > rows) return {};
    // Outside the code all is light, as it is around it on paper.
    const auto is_dark = [&](int row, int column) {
        const int y = row - quiet, x = column - quiet;
        if (y < 0 || x < 0 || y >= code->width || x >= code->width) return false;
        return (code->data[y * code->width + x] & 1) == 1;
    };
    std::vector<std::string> lines;
    for (int row = 0; row < size; row += 2) {
        std::string line;
        for (int column = 0; column < size; ++column) {
            const bool upper = !is_dark(row, column), lower = row + 1 < size && !is_dark(row + 1, column);
            line += upper && lower ? "█" : upper ? "▀" : lower ? "▄" : " ";
        }
        lines.push_back(std::move(line));
    }
    return lines;
}

}  // namespace samsynk::client
