#include "client/samsynkd_program.hpp"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>

namespace samsynk::client {
namespace {

namespace fs = std::filesystem;

constexpr int not_started = 127;
constexpr const char* credentials = "/run/credentials/samsynkd.service";  // of the service that runs

std::string program() {
    std::error_code code;
    const fs::path self = fs::read_symlink("/proc/self/exe", code);
    const fs::path beside = self.parent_path() / "samsynkd";
    return !code && ::access(beside.c_str(), X_OK) == 0 ? beside.string() : "samsynkd";
}

// Between fork and exec: nothing that allocates.
void become(const passwd& user) {
    if (::initgroups(user.pw_name, user.pw_gid) != 0 || ::setgid(user.pw_gid) != 0 || ::setuid(user.pw_uid) != 0)
        ::_exit(not_started);
}

[[noreturn]] void turn_into(std::vector<char*>& words, int output, const passwd* user) {
    if (user) become(*user);
    ::dup2(output, STDOUT_FILENO);
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

Error none() {
    return fail(Errc::not_found, N_("samsynkd was not found beside samsynk, nor in PATH. Is it installed?"));
}

}  // namespace

void use_credentials_of_service(const std::string& file) {
    std::error_code code;
    if (is_of_service(file) && fs::exists(credentials, code)) ::setenv("CREDENTIALS_DIRECTORY", credentials, 0);
}

bool is_of_service(const std::string& file) { return file.starts_with("/etc/samsynk/"); }

Result<ProgramOutput> run_samsynkd(std::vector<std::string> words, bool as_service) {
    words.insert(words.begin(), program());
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    const passwd* user = as_service && ::geteuid() == 0 ? ::getpwnam("samsynk") : nullptr;
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return none();
    const pid_t child = ::fork();
    if (child == 0) turn_into(pointers, pipe[1], user);
    ::close(pipe[1]);
    ProgramOutput result;
    if (child > 0) result.output = all_of(pipe[0]);
    ::close(pipe[0]);
    int status = 0;
    if (child < 0 || ::waitpid(child, &status, 0) != child) return none();
    result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 5;
    if (result.exit_code == not_started) return none();
    return result;
}

}  // namespace samsynk::client
