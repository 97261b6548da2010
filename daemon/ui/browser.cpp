#include "ui/browser.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

namespace samsynk::ui {
namespace {

constexpr const char* template_name = "samsynk-XXXXXX";
constexpr const char* page_end = ".html";

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

bool is_private(const std::filesystem::path& folder) {
    struct stat found {};
    return folder.is_absolute() && ::lstat(folder.c_str(), &found) == 0 && S_ISDIR(found.st_mode) &&
           found.st_uid == ::geteuid() && (found.st_mode & 0077U) == 0;
}

std::string page_that_leads_to(const std::string& address) {
    return "<!doctype html>\n<meta charset=\"utf-8\">\n<meta name=\"referrer\" content=\"no-referrer\">\n"
           "<meta http-equiv=\"refresh\" content=\"0; url=" +
           address + "\">\n<title>Samsynk</title>\n<p><a href=\"" + address + "\">Samsynk</a>\n";
}

// Between fork and exec: nothing that allocates. Twice, so that nobody has to wait for it.
[[noreturn]] void turn_into(const char* const* words, int told) {
    ::setsid();  // Ctrl-C in the terminal is not for the browser
    if (::fork() != 0) ::_exit(0);
    const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(nothing, descriptor);
    ::execvp(words[0], const_cast<char* const*>(words));
    const char failed = 'x';
    [[maybe_unused]] const auto written = ::write(told, &failed, 1);
    ::_exit(1);
}

}  // namespace

Result<void> LeadingPage::write(const std::string& address) {
    remove();
    const Error failed = fail(Errc::write_failed, N_("The browser could not be opened. Open the address yourself."));
    std::filesystem::path folder = environment("XDG_RUNTIME_DIR");
    if (!is_private(folder)) {
        std::error_code code;
        std::string made = (std::filesystem::temp_directory_path(code) / template_name).string();
        if (code || !::mkdtemp(made.data())) return failed;
        folder = folder_ = made;
    }
    std::string name = (folder / (std::string{template_name} + page_end)).string();
    const int file = ::mkostemps(name.data(), std::string_view{page_end}.size(), O_CLOEXEC);  // with mode 0600
    if (file < 0) return remove(), failed;
    file_ = name;
    const std::string text = page_that_leads_to(address);
    const bool written = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    ::close(file);
    if (!written) return remove(), failed;
    return {};
}

void LeadingPage::remove() {
    if (!file_.empty()) ::unlink(file_.c_str());
    if (!folder_.empty()) ::rmdir(folder_.c_str());
    file_.clear();
    folder_.clear();
}

bool can_open_browser() {
    return ::geteuid() != 0 && (!environment("DISPLAY").empty() || !environment("WAYLAND_DISPLAY").empty());
}

// The pipe closes by itself when xdg-open has taken over.
bool open_in_browser(const std::filesystem::path& file) {
    const std::array<const char*, 3> words{"xdg-open", file.c_str(), nullptr};
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return false;
    const pid_t child = ::fork();
    if (child == 0) turn_into(words.data(), pipe[1]);
    ::close(pipe[1]);
    char told = 0;
    const bool failed = child < 0 || ::read(pipe[0], &told, 1) != 0;
    ::close(pipe[0]);
    if (child > 0) ::waitpid(child, nullptr, 0);
    return !failed;
}

}  // namespace samsynk::ui
