// A folder whose entries are read, closed with its owner.
#pragma once

#include <dirent.h>

#include <memory>

namespace samsynk::installations {

struct CloseFolder {
    void operator()(DIR* folder) const { ::closedir(folder); }
};
using Folder = std::unique_ptr<DIR, CloseFolder>;

}  // namespace samsynk::installations
