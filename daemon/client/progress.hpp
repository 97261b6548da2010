// How far a run has come: a bar on a terminal, plain lines elsewhere.
#pragma once

#include <string>

namespace samsynk::client {

class Progress {
public:
    /// `shown` false: nothing is printed.
    explicit Progress(bool shown);
    void phase(const std::string& name, unsigned long done, unsigned long total);
    void line(const std::string& text);  ///< above the bar
    void now(const std::string& text);   ///< in place of the bar; on a terminal only
    void end();

private:
    void draw(const std::string& text);

    bool shown_;
    bool terminal_;
    bool drawn_ = false;
    std::string phase_;
};

}  // namespace samsynk::client
