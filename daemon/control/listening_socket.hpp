// The control socket itself: made at its path, or taken over from systemd.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <filesystem>
#include <optional>

#include "core/error.hpp"

namespace samsynk::control {

/// Open to everyone's connections: who may do what is told by who is at the other end (see access.hpp).
class ListeningSocket {
public:
    explicit ListeningSocket(boost::asio::any_io_executor executor) : acceptor_{executor} {}

    /// `passed` is a descriptor that listens already (socket activation); it stays where it is when we close.
    /// Error state_failed: another daemon listens at `path`, or the folder can't be written.
    Result<void> open(const std::filesystem::path& path, std::optional<int> passed);
    void close();  ///< and removes what it made

    boost::asio::local::stream_protocol::acceptor& acceptor() { return acceptor_; }

private:
    Result<void> take_over(int descriptor);
    Result<void> make(const std::filesystem::path& path);

    boost::asio::local::stream_protocol::acceptor acceptor_;
    std::filesystem::path made_;  ///< empty where it was passed
};

}  // namespace samsynk::control
