// Runs what blocks (a slow share, a database) on a thread pool, and comes back to the caller's thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace samsynk {

/// `work` is called on `pool` and must not throw; what it touches must be in no one else's hands meanwhile.
/// Captures of `work` must be references or pointers: GCC 12 destroys a temporary closure twice in a co_await.
template <class Work>
auto on_pool(boost::asio::any_io_executor pool, Work work) -> boost::asio::awaitable<decltype(work())> {
    const auto caller = co_await boost::asio::this_coro::executor;
    co_await boost::asio::post(boost::asio::bind_executor(pool, boost::asio::use_awaitable));
    auto result = work();
    co_await boost::asio::post(boost::asio::bind_executor(caller, boost::asio::use_awaitable));
    co_return result;
}

}  // namespace samsynk
