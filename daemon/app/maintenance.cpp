#include "app/maintenance.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "posix/unique_fd.hpp"
#include "store/backup.hpp"
#include "store/open_store.hpp"

namespace samsynk::app {
namespace {

constexpr std::size_t size_of_part = 256 * 1024;

// The copy, without a name: only who holds it open has it. Read on other threads, one piece after the other.
class OpenCopy {
public:
    OpenCopy(boost::asio::any_io_executor executor, posix::UniqueFd file, std::uint64_t bytes)
        : size{bytes}, file_{std::make_shared<posix::UniqueFd>(std::move(file))}, part_{executor, file_patience} {}

    boost::asio::awaitable<std::string> next() {
        std::function<std::string()> read = [file = file_] {
            std::string part(size_of_part, '\0');
            const ssize_t read_now = ::read(file->get(), part.data(), part.size());
            part.resize(read_now > 0 ? static_cast<std::size_t>(read_now) : 0);
            return part;
        };
        auto part = co_await part_.answer_to(std::move(read));
        co_return part ? std::move(*part) : std::string{};
    }
    const std::uint64_t size;

private:
    std::shared_ptr<posix::UniqueFd> file_;
    AskedAside<std::string> part_;
};

std::shared_ptr<OpenCopy> open_copy(const boost::asio::any_io_executor& executor, const std::filesystem::path& path) {
    posix::UniqueFd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    ::unlink(path.c_str());
    struct stat status {};
    if (!file || ::fstat(file.get(), &status) != 0) return nullptr;
    return std::make_shared<OpenCopy>(executor, std::move(file), static_cast<std::uint64_t>(status.st_size));
}

}  // namespace

Result<void> Maintenance::set_log_level(const std::string& level, const std::string& by) {
    const auto known = telemetry::level_named(level);
    if (!known)
        return fail(Errc::bad_request, N_("“{key}” must be one of: {values}."),
                    {{"key", "level"}, {"values", "debug, info, notice, warning, error"}});
    level_ = level;
    bus_.log_from(*known);
    bus_.publish(Event{.name = "log.level",
                       .level = Level::notice,
                       .message = {N_("The log begins at {level} now, until the next reload. Asked for by {by}."),
                                   {{"level", level}, {"by", by}}},
                       .fields = {{"level", level}}});
    return {};
}

agent::Async<control::Download> Maintenance::back_up() {
    const std::filesystem::path file = directory_ / (std::string{store::copy_file} + "-" + std::to_string(++copies_));
    std::filesystem::path to = file;
    const auto copied = co_await store::copy_store(store_, std::move(to));
    if (copied.has_error()) co_return copied.error();
    AskedAside<std::shared_ptr<OpenCopy>> opening{executor_, file_patience};
    std::function<std::shared_ptr<OpenCopy>()> open = [executor = executor_, file] {
        return open_copy(executor, file);
    };
    const auto opened = co_await opening.answer_to(std::move(open));
    if (!opened || !*opened) co_return fail(Errc::state_failed, N_("The copy could not be read."));
    control::Download download{.size = (*opened)->size, .next = [copy = *opened] { return copy->next(); }};
    co_return download;
}

boost::asio::awaitable<std::vector<Finding>> Maintenance::examine() {
    settings::Settings settings = settings_;
    std::function<OnDisk()> look = [settings, file = file_] { return examine_disk(settings, file); };
    co_await on_disk_.ask(std::move(look));
    std::optional<OnDisk> on_disk;
    if (!on_disk_.asking()) on_disk = on_disk_.known();
    co_return co_await examine_daemon(executor_, std::move(settings), std::move(on_disk), agent_);
}

}  // namespace samsynk::app
