// What is drawn on a terminal: progress, and QR codes.
#pragma once

#include <string>
#include <vector>

namespace samsynk::client {

/// How far a run has come: a bar on a terminal, plain lines elsewhere.
class Progress {
public:
    /// `shown` false: nothing is printed.
    explicit Progress(bool shown);
    void phase(const std::string& name, unsigned long done, unsigned long total);
    void now(const std::string& text);  ///< in place of the bar; on a terminal only
    void end();

private:
    void draw(const std::string& text);

    bool shown_;
    bool terminal_;
    bool drawn_ = false;
    std::string phase_;
};

/// An address for a phone: the lines of its QR code in UTF-8 half blocks, two rows of it in a line, light on dark with
/// its quiet zone. Empty where the text is too long for `columns` times `rows` letters.
std::vector<std::string> qr_code(const std::string& text, int columns, int rows);

}  // namespace samsynk::client
