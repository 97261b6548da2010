#include "ui/enter_key.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <string_view>

#include "async/task_group.hpp"

namespace samsynk::ui {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::chrono::seconds while_in_background{1};

// Opened anew: what Asio sets on it would be set for all programs that share ours with us, as the shell.
int open_terminal() {
    const char* name = ::isatty(STDIN_FILENO) == 1 ? ::ttyname(STDIN_FILENO) : nullptr;
    if (!name) return -1;
    const int terminal = ::open(name, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    return terminal >= 0 ? terminal : ::open("/dev/tty", O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
}

bool has_hung_up(int terminal) {
    pollfd one{terminal, 0, 0};
    return ::poll(&one, 1, 0) != 0;
}

}  // namespace

class EnterKey::Impl : public std::enable_shared_from_this<Impl> {
public:
    explicit Impl(asio::any_io_executor executor) : terminal_{executor}, pause_{executor}, tasks_{executor} {}

    bool listen(std::function<void()> pressed);
    void stop();

private:
    asio::awaitable<void> hear();
    bool in_background() const;

    asio::posix::stream_descriptor terminal_;
    asio::steady_timer pause_;
    TaskGroup tasks_;
    std::function<void()> pressed_;
};

bool EnterKey::Impl::listen(std::function<void()> pressed) {
    const int terminal = open_terminal();
    if (terminal < 0) return false;
    terminal_.assign(terminal);
    pressed_ = std::move(pressed);
    tasks_.spawn(hear(), [self = shared_from_this()](const std::exception_ptr& thrown) {
        if (thrown) self->stop();  // the address on the screen works all the same
    });
    return true;
}

// Whoever reads a terminal from the background is stopped by it, and what is typed there is for another program.
bool EnterKey::Impl::in_background() const {
    const pid_t foreground = ::tcgetpgrp(STDIN_FILENO);
    return foreground > 0 && foreground != ::getpgrp();
}

asio::awaitable<void> EnterKey::Impl::hear() {
    const auto self = shared_from_this();
    for (error_code code; terminal_.is_open() && !code;) {
        co_await terminal_.async_wait(asio::posix::descriptor_base::wait_read,
                                      asio::redirect_error(asio::use_awaitable, code));
        if (code) break;
        if (in_background()) {
            pause_.expires_after(while_in_background);
            co_await pause_.async_wait(asio::redirect_error(asio::use_awaitable, code));
            continue;
        }
        std::array<char, 256> typed{};
        const ssize_t size = ::read(terminal_.native_handle(), typed.data(), typed.size());
        if (size <= 0 && has_hung_up(terminal_.native_handle())) break;
        if (size > 0 && std::string_view{typed.data(), static_cast<std::size_t>(size)}.ends_with('\n')) pressed_();
    }
}

void EnterKey::Impl::stop() {
    error_code ignored;
    terminal_.close(ignored);
    pause_.cancel();
}

EnterKey::EnterKey(asio::any_io_executor executor) : impl_{std::make_shared<Impl>(executor)} {}
EnterKey::~EnterKey() = default;
bool EnterKey::listen(std::function<void()> pressed) { return impl_->listen(std::move(pressed)); }
void EnterKey::stop() { impl_->stop(); }

}  // namespace samsynk::ui
