#include "core/secret_file.hpp"

#include <sys/stat.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "core/secrets.hpp"

namespace samsynk {
namespace {

constexpr std::size_t most_secret = 64 * 1024;
constexpr mode_t of_others = S_IROTH | S_IWOTH;

std::string octal(mode_t mode) {
    std::array<char, 8> text{};
    std::snprintf(text.data(), text.size(), "%04o", mode & 07777U);
    return text.data();
}

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
    std::ifstream stream{file};
    std::string secret(most_secret + 1, '\0');
    stream.read(secret.data(), static_cast<std::streamsize>(secret.size()));
    secret.resize(static_cast<std::size_t>(stream.gcount()));
    const bool whole = stream.is_open() && secret.size() <= most_secret;
    while (!secret.empty() && (secret.back() == '\n' || secret.back() == '\r')) secret.pop_back();
    if (whole && !secret.empty()) {
        remember_secret(file.string(), secret);
        return secret;
    }
    return fail(Errc::unreadable,
                N_("The secret in {file} can't be read, or is empty. Check the file and its permissions."),
                {{"file", file.string()}});
}

}  // namespace samsynk
