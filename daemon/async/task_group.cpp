#include "async/task_group.hpp"

#include <boost/asio/co_spawn.hpp>

namespace samsynk {

struct TaskGroup::Tasks {
    explicit Tasks(boost::asio::any_io_executor executor) : ended{std::move(executor)} {}
    std::size_t running = 0;
    AsyncEvent ended;
};

TaskGroup::TaskGroup(boost::asio::any_io_executor executor)
    : executor_{executor}, tasks_{std::make_shared<Tasks>(std::move(executor))} {}

void TaskGroup::spawn(boost::asio::awaitable<void> task, Ended ended) {
    ++tasks_->running;
    boost::asio::co_spawn(executor_, std::move(task),
                          [tasks = tasks_, ended = std::move(ended)](const std::exception_ptr& thrown) {
                              --tasks->running;
                              tasks->ended.notify_all();
                              ended(thrown);
                          });
}

std::size_t TaskGroup::running() const { return tasks_->running; }

boost::asio::awaitable<void> TaskGroup::join() {
    const auto tasks = tasks_;
    while (tasks->running > 0) co_await tasks->ended.wait();
}

std::string what_of(const std::exception_ptr& thrown) {
    if (!thrown) return {};
    try {
        std::rethrow_exception(thrown);
    } catch (const std::exception& problem) {
        return problem.what();
    } catch (...) {
        return "something that is no exception of ours";
    }
}

}  // namespace samsynk
