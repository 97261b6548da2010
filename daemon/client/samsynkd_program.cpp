#include "client/samsynkd_program.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>

namespace samsynk::client {
namespace {

namespace fs = std::filesystem;

constexpr const char* credentials = "/run/credentials/samsynkd.service";  // of the service that runs

std::string program() {
    std::error_code code;
    const fs::path self = fs::read_symlink("/proc/self/exe", code);
    const fs::path beside = self.parent_path() / "samsynkd";
    return !code && ::access(beside.c_str(), X_OK) == 0 ? beside.string() : "samsynkd";
}

}  // namespace

bool is_of_service(const std::string& file) { return file.starts_with("/etc/samsynk/"); }

void use_credentials_of_service(const std::string& file) {
    std::error_code code;
    if (is_of_service(file) && fs::exists(credentials, code)) ::setenv("CREDENTIALS_DIRECTORY", credentials, 0);
}

Result<ProgramOutput> run_samsynkd(const std::string& config, std::vector<std::string> words, int input) {
    use_credentials_of_service(config);
    words.insert(words.begin(), {program(), "--config", config});
    const bool as_service = is_of_service(config) && ::geteuid() == 0;
    return run_program(std::move(words), {.input = input, .user = as_service ? ::getpwnam("samsynk") : nullptr});
}

}  // namespace samsynk::client
