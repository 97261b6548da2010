// An address as a QR code for a phone, drawn with letters.
#pragma once

#include <string>
#include <vector>

namespace samsynk::client {

/// The lines of the code in UTF-8 half blocks, two rows of it in a line, light on dark with its quiet zone.
/// Empty where the text is too long for `columns` times `rows` letters.
std::vector<std::string> qr_code(const std::string& text, int columns, int rows);

}  // namespace samsynk::client
