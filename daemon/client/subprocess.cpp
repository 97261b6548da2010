#include "client/subprocess.hpp"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
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

constexpr int not_started = 127;

// Between fork and exec. We have one thread only.
[[noreturn]] void turn_into(std::vector<char*>& words, int output, const ProgramOptions& options) {
    if (options.user && become(*options.user).has_error()) ::_exit(not_started);
    if (options.input >= 0) ::dup2(options.input, STDIN_FILENO);
    ::dup2(output, STDOUT_FILENO);
    if (options.with_errors) ::dup2(output, STDERR_FILENO);
    ::execvp(words.front(), words.data());
    ::_exit(not_started);
}

std::string all_of(int descriptor) {
    std::string text;
    std::array<char, 16384> part;
    for (;;) {
        const ssize_t size = ::read(descriptor, part.data(), part.size());
        if (size > 0)
            text.append(part.data(), static_cast<std::size_t>(size));
        else if (size == 0 || errno != EINTR)
            return text;
    }
}

}  // namespace

Result<ProgramOutput> run_program(std::vector<std::string> words, ProgramOptions options) {
    const Error none =
        fail(Errc::not_found, N_("{program} could not be started. Is it installed?"), {{"program", words.front()}});
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return none;
    const pid_t child = ::fork();
    if (child == 0) turn_into(pointers, pipe[1], options);
    ::close(pipe[1]);
    ProgramOutput result;
    if (child > 0) result.output = all_of(pipe[0]);
    ::close(pipe[0]);
    int status = 0;
    if (child < 0 || ::waitpid(child, &status, 0) != child) return none;
    result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 5;
    if (result.exit_code == not_started) return none;
    return result;
}

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
