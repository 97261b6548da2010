#include "client/progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "client/language.hpp"

namespace samsynk::client {
namespace {

std::string phase_word(const std::string& name) {
    if (name == "gather") return translated(N_("Reading both sides"));
    if (name == "plan") return translated(N_("Comparing"));
    if (name == "apply") return translated(N_("Syncing"));
    return name;
}

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

void Progress::line(const std::string& text) {
    if (!shown_) return;
    end();
    std::cout << text << std::endl;
}

void Progress::now(const std::string& text) {
    if (shown_ && terminal_) draw(text);
}

void Progress::end() {
    if (drawn_) std::cout << "\r\x1b[K" << std::flush;
    drawn_ = false;
}

}  // namespace samsynk::client
