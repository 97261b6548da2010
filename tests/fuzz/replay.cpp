// TARGET FOLDER|FILE...: gives every file to the target once. Stands in for libFuzzer where GCC compiles.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "fuzz/fuzz.hpp"

namespace {

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
    std::size_t count = 0;
    for (int i = 1; i < argc; ++i)
        for (const fs::path& file : files_of(argv[i])) {
            current = file;
            std::ifstream stream{file, std::ios::binary};
            if (!stream.is_open()) {
                std::fprintf(stderr, "%s can't be read\n", file.c_str());
                return 1;
            }
            const std::string text{std::istreambuf_iterator<char>{stream}, {}};
            LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
            ++count;
        }
    std::printf("%zu inputs\n", count);
    return count > 0 ? 0 : 1;
}
