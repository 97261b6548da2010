// What the gateway answers by itself, and what it hands on to the daemon. Knows no sockets.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>

#include "ui/exchange.hpp"
#include "ui/sessions.hpp"

namespace samsynk::ui {

class Desk {
public:
    /// `catalogs` is the folder with the Swedish words: sv/LC_MESSAGES/samsynk.mo.
    explicit Desk(std::filesystem::path catalogs) : catalogs_{std::move(catalogs)} {}

    /// Where it is found; told when that is known.
    void be_at(std::uint16_t port) { port_ = port; }
    /// With a new key in it, which is the only good one from now on. It is in the part that browsers never send.
    std::string new_address();
    /// Is called when somebody has used the key.
    void on_opened(std::function<void()> opened) { opened_ = std::move(opened); }

    /// Nothing: the daemon is to answer, and afterwards `leave` is to be called.
    std::optional<Answer> answer(const Asked& asked, Moment now);
    void leave(std::string_view token, Moment now) { sessions_.leave(token, now); }

private:
    Answer open(const Asked& asked, Moment now);
    Answer catalog() const;

    std::filesystem::path catalogs_;
    std::uint16_t port_ = 0;
    Sessions sessions_;
    std::function<void()> opened_;
};

}  // namespace samsynk::ui
