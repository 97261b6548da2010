#include "client/samsynkd_program.hpp"

#include <pwd.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "settings/settings.hpp"

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

std::optional<FolderOwner> owner_of_state(const std::string& config) {
    const auto loaded = settings::load(config);
    const fs::path folder = loaded.settings ? loaded.settings->state_directory : settings::usual_state_directory();
    if (auto owner = owner_to_act_as(folder)) return owner;
    std::error_code code;
    const passwd* service = is_of_service(config) && !fs::exists(folder, code) ? ::getpwnam("samsynk") : nullptr;
    if (!service || ::geteuid() != 0) return std::nullopt;
    return FolderOwner{service->pw_name, service->pw_uid, service->pw_gid};
}

Result<ProgramOutput> run_samsynkd(const std::string& config, std::vector<std::string> words, int input) {
    use_credentials_of_service(config);
    // Where the state is moved it reads the configuration as we do, and becomes the owner before it touches the state.
    const bool moves = !words.empty() && (words.front() == "--restore" || words.front() == "--backup");
    const bool by_itself = moves && !is_of_service(config);
    words.insert(words.begin(), {program(), "--config", config});
    return run_program(std::move(words), {.input = input, .user = by_itself ? std::nullopt : owner_of_state(config)});
}

}  // namespace samsynk::client
