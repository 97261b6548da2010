#include "control/listening_socket.hpp"

#include <fcntl.h>
#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

namespace samsynk::control {

using boost::asio::local::stream_protocol;
using boost::system::error_code;

namespace {

constexpr std::size_t longest_path = 107;  // of sockaddr_un

Error not_made(const std::filesystem::path& path, const std::string& why) {
    return fail(Errc::state_failed,
                N_("The control socket {path} could not be made ({why}). Check the folder's permissions."),
                {{"path", path.string()}, {"why", why}});
}

}  // namespace

Result<void> ListeningSocket::open(const std::filesystem::path& path, std::optional<int> passed) {
    return passed ? take_over(*passed) : make(path);
}

Result<void> ListeningSocket::take_over(int descriptor) {
    error_code code;
    // A copy: who listens after us takes it over in the same way.
    const int own = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
    if (own < 0)
        code.assign(errno, boost::system::system_category());
    else
        acceptor_.assign(stream_protocol{}, own, code);
    if (code)
        return fail(Errc::state_failed,
                    N_("The socket that systemd passed can't be used ({why}). Check samsynkd.socket."),
                    {{"why", code.message()}});
    return {};
}

Result<void> ListeningSocket::make(const std::filesystem::path& path) {
    if (path.string().size() > longest_path)
        return fail(Errc::state_failed,
                    N_("The control socket's path {path} is too long: it may have at most 107 bytes."),
                    {{"path", path.string()}});
    std::error_code ignored;
    std::filesystem::create_directories(path.parent_path(), ignored);
    const stream_protocol::endpoint endpoint{path.string()};
    error_code code;
    stream_protocol::socket probe{acceptor_.get_executor()};
    probe.connect(endpoint, code);
    if (!code)
        return fail(Errc::state_failed, N_("Another samsynkd listens at {path}. Stop it first."),
                    {{"path", path.string()}});
    code.clear();
    struct stat there {};
    if (::lstat(path.c_str(), &there) == 0 && !S_ISSOCK(there.st_mode))
        return not_made(path, "a file that is no socket stands there");
    ::unlink(path.c_str());  // nobody listens there: left over from a crash
    acceptor_.open(endpoint.protocol(), code);
    const auto mask = ::umask(0111);
    if (!code) acceptor_.bind(endpoint, code);
    ::umask(mask);
    if (!code) acceptor_.listen(boost::asio::socket_base::max_listen_connections, code);
    if (code) return not_made(path, code.message());
    made_ = path;
    if (const struct group* own = ::getgrnam("samsynk"))
        if (::chown(path.c_str(), static_cast<uid_t>(-1), own->gr_gid) != 0) errno = 0;  // as far as we may
    return {};
}

void ListeningSocket::close() {
    error_code ignored;
    acceptor_.close(ignored);
    if (!made_.empty()) ::unlink(made_.c_str());
    made_.clear();
}

}  // namespace samsynk::control
