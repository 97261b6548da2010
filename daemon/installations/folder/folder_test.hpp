// Whether all that a run needs can be done in a folder of company folders, without doing it.
#pragma once

#include <vector>

#include "agent/ports.hpp"
#include "installations/folder/folder_books.hpp"

namespace samsynk::installations {

/// Blocking. Reads all companies; looks at where would be written, and writes nothing.
std::vector<agent::Probe> test_books(FolderBooks& books);

}  // namespace samsynk::installations
