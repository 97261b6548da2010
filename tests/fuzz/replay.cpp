// fuzz_replay TARGET FOLDER|FILE...: gives every file to the target once. Stands in for libFuzzer where GCC compiles.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

// Each target's LLVMFuzzerTestOneInput, compiled under a name of its own.
#define TARGET(name) extern "C" int fuzz_##name(const std::uint8_t*, std::size_t);
#include "targets.inc"
#undef TARGET

namespace {

using Read = int (*)(const std::uint8_t*, std::size_t);

Read target_called(const std::string& name) {
    static const std::map<std::string, Read> targets{
#define TARGET(name) {#name, fuzz_##name},
#include "targets.inc"
#undef TARGET
    };
    const auto found = targets.find(name);
    return found == targets.end() ? nullptr : found->second;
}

namespace fs = std::filesystem;

std::vector<fs::path> files_of(const fs::path& path) {
    if (!fs::is_directory(path)) return {path};
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator{path}) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

fs::path current;

void print_current() { std::fprintf(stderr, "while reading %s\n", current.c_str()); }

}  // namespace

int main(int argc, char** argv) {
    std::set_terminate([] {
        print_current();
        std::abort();
    });
    const Read read = target_called(argc > 1 ? argv[1] : "");
    if (!read) {
        std::fprintf(stderr, "There is no such target.\n");
        return 2;
    }
    std::size_t count = 0;
    for (int i = 2; i < argc; ++i)
        for (const fs::path& file : files_of(argv[i])) {
            current = file;
            std::ifstream stream{file, std::ios::binary};
            if (!stream.is_open()) {
                std::fprintf(stderr, "%s can't be read\n", file.c_str());
                return 1;
            }
            const std::string text{std::istreambuf_iterator<char>{stream}, {}};
            read(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
            ++count;
        }
    std::printf("%zu inputs\n", count);
    return count > 0 ? 0 : 1;
}
