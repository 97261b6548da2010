#include "app/let_go_of_memory.hpp"

#include <malloc.h>
#include <sys/mman.h>

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <string>

namespace samsynk::app {
namespace {

// Only what can be executed and not written, of a file: it is never changed, so nothing of it can be lost.
bool is_program_text(const char* permissions, unsigned long inode) {
    return std::strcmp(permissions, "r-xp") == 0 && inode != 0;
}

void unmap_program_text() {
    std::ifstream maps{"/proc/self/maps"};
    for (std::string line; std::getline(maps, line);) {
        std::uintptr_t begin = 0, end = 0;
        unsigned long inode = 0;
        char permissions[5] = {};
        if (std::sscanf(line.c_str(), "%zx-%zx %4s %*s %*s %lu", &begin, &end, permissions, &inode) != 4) continue;
        if (is_program_text(permissions, inode)) ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
    }
}

}  // namespace

void let_go_of_memory() {
    ::malloc_trim(0);
    unmap_program_text();
}

}  // namespace samsynk::app
