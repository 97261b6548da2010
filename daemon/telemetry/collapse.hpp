// Trouble that lasts is one line when it begins, one when it changes, one when it ends: not one every quarter of an
// hour.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/event.hpp"
#include "telemetry/log_sink.hpp"

namespace samsynk::telemetry {

/// Passes events on, but for trouble that is already known and unchanged. What ends it (a success of the same company,
/// service, installation, run, sign-in or configuration) bears `repeated` where the trouble was seen more than once,
/// and is at least of level info.
class Collapse : public LogSink {
public:
    explicit Collapse(std::unique_ptr<LogSink> next) : next_{std::move(next)} {}
    void write(const Event& event) override;
    void set_minimum(Level minimum) override { next_->set_minimum(minimum); }
    void reopen() override { next_->reopen(); }

private:
    struct Trouble {
        std::string name;
        std::optional<Errc> code;
        Message message;
        std::size_t seen = 1;
    };

    void begin_or_repeat(const std::string& subject, const Event& event);
    void end(const std::string& subject, Event event);

    std::unique_ptr<LogSink> next_;
    std::map<std::string, Trouble> troubles_;  ///< by what they are about
};

}  // namespace samsynk::telemetry
