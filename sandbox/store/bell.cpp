#include "sandbox/store/bell.hpp"

#include <fcntl.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>

namespace samsynk::sandbox {

std::filesystem::path bell_of(const std::filesystem::path& store) { return store.string() + ".bell"; }

// Closing what was opened for writing is an event; nothing is written.
void ring(const std::filesystem::path& bell) {
    if (const int file = ::open(bell.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW); file >= 0) ::close(file);
}

int listen_to(const std::filesystem::path& bell) {
    const int file = ::open(bell.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file >= 0) ::close(file);
    const int listening = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (listening < 0 || ::inotify_add_watch(listening, bell.c_str(), IN_CLOSE_WRITE) >= 0) return listening;
    ::close(listening);
    return -1;
}

void hush(int listening) {
    std::array<char, 4096> rings{};
    while (::read(listening, rings.data(), rings.size()) > 0) {
    }
}

}  // namespace samsynk::sandbox
