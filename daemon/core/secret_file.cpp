#include "core/secret_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <optional>

#include "core/plain_text.hpp"
#include "core/secrets.hpp"
#include "core/text.hpp"

namespace samsynk {
namespace {

constexpr std::size_t most_secret = 64 * 1024;
constexpr mode_t of_others = S_IROTH | S_IWOTH;

std::string octal(mode_t mode) {
    std::array<char, 8> text{};
    std::snprintf(text.data(), text.size(), "%04o", mode & 07777U);
    return text.data();
}

// Nothing where it can't be read (`why`), and of what is no ordinary file: a pipe would be waited for.
std::optional<std::string> content_of(const std::filesystem::path& file, std::string& why) {
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0) {
        why = std::strerror(errno);
        return std::nullopt;
    }
    std::string text(most_secret + 1, '\0');
    struct stat status {};
    std::size_t size = 0;
    ssize_t part = ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) ? 1 : -1;
    while (part > 0 && size < text.size()) {
        part = ::read(descriptor, text.data() + size, text.size() - size);
        if (part > 0) size += static_cast<std::size_t>(part);
    }
    ::close(descriptor);
    if (part < 0) return std::nullopt;
    text.resize(size);
    return text;
}

// Without a byte order mark, and what stands around it that cannot be seen.
std::string_view trimmed(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    constexpr std::string_view unseen = " \t\r\n";
    text.remove_prefix(std::min(text.find_first_not_of(unseen), text.size()));
    return text.substr(0, text.find_last_not_of(unseen) + 1);
}

bool is_plain(std::string_view text) { return valid_utf8(text) == text && !has_control_characters(text); }

}  // namespace

Result<void> check_secret_file(const std::filesystem::path& file) {
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0 || !(status.st_mode & of_others)) return {};
    return fail(
        Errc::bad_settings,
        N_("{file} holds a secret, but everyone on this machine may read it (mode {mode}). It is not used. Mend "
           "it with: chmod o= {file}"),
        {{"file", file.string()}, {"mode", octal(status.st_mode)}});
}

Result<std::string> read_secret_file(const std::filesystem::path& file) {
    if (const auto closed = check_secret_file(file); closed.has_error()) return closed.error();
    std::string why;
    auto secret = content_of(file, why);
    if (!why.empty())
        return fail(
            Errc::unreadable,
            N_("The secret in {file} can't be read ({why}). Check the file and its permissions, if that is why."),
            {{"file", file.string()}, {"why", why}});
    if (!secret || secret->size() > most_secret || trimmed(*secret).empty())
        return fail(Errc::unreadable,
                    N_("The secret in {file} can't be read, or is empty. Check the file and its permissions."),
                    {{"file", file.string()}});
    if (!is_plain(*secret))
        return fail(
            Errc::unreadable,
            N_("The secret in {file} is no plain text, so it is not sent. Save it as UTF-8 without anything else."),
            {{"file", file.string()}});
    std::string found{trimmed(*secret)};
    remember_secret(file.string(), found);
    return found;
}

}  // namespace samsynk
