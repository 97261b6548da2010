#include "client/program.hpp"

#include <fcntl.h>
#include <grp.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace samsynk::client {
namespace {

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

}  // namespace samsynk::client
