// Columns that line up, whatever letters they hold.
#pragma once

#include <string>
#include <vector>

namespace samsynk::client {

/// How many columns a UTF-8 text takes on a terminal (one a letter; marks that combine take none).
std::size_t width_of(const std::string& text);

/// The rows, the first being the heading, with two blanks between columns.
std::string table(const std::vector<std::vector<std::string>>& rows);

}  // namespace samsynk::client
