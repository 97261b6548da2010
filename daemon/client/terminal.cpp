#include "client/terminal.hpp"

#include <qrencode.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <memory>

#include "client/language.hpp"

namespace samsynk::client {
namespace {

std::string phase_word(const std::string& name) {
    if (name == "gather") return tr(N_("Reading both sides"));
    if (name == "plan") return tr(N_("Comparing"));
    if (name == "apply") return tr(N_("Syncing"));
    return name;
}

constexpr int quiet = 2;  // modules around it; four by the standard, but phones read it with two

}  // namespace

Progress::Progress(bool shown) : shown_{shown}, terminal_{::isatty(STDOUT_FILENO) == 1} {}

void Progress::phase(const std::string& name, unsigned long done, unsigned long total) {
    if (!shown_) return;
    if (!terminal_) {
        if (name != phase_) std::cout << phase_word(name) << " …" << std::endl;
        phase_ = name;
        return;
    }
    constexpr unsigned long width = 30;
    const unsigned long filled = total == 0 ? 0 : std::min(width, done * width / total);
    std::string bar;
    for (unsigned long i = 0; i < width; ++i) bar += i < filled ? "█" : "░";
    draw(bar + " " + phase_word(name) + (total == 0 ? " …" : " " + std::to_string(done) + "/" + std::to_string(total)));
}

void Progress::draw(const std::string& text) {
    std::cout << "\r\x1b[K" << text << std::flush;
    drawn_ = true;
}

void Progress::now(const std::string& text) {
    if (shown_ && terminal_) draw(text);
}

void Progress::end() {
    if (drawn_) std::cout << "\r\x1b[K" << std::flush;
    drawn_ = false;
}

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
